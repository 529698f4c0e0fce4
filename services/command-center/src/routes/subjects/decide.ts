import { z } from 'zod';
import { subjectDraftDecision } from '@skyeye/contracts';
import { route, who, type Route } from '@skyeye/identity';
import { decideDraft } from '@skyeye/ledger';
import { redactTyped } from '@skyeye/telemetry';
import { refusable } from '../../acting.ts';
import type { Context } from '../../deps.ts';

const params = z.object({ id: z.string().regex(/^su_[A-Za-z0-9_-]{22}$/) });

export const decideSubjectDraft = ({ ledger, clock }: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/subjects/:id/draft',
      says: 'order what was drafted against an account or a number, or dismiss it; the machine orders nothing',
      access: ['leader'],
      perMinute: 60,
      audit: 'subject_decided',
      params,
      body: subjectDraftDecision,
    },
    async ({ params: { id }, body: { decision, reason }, session }) => {
      const act = { id, decision, reason: redactTyped(reason), by: who(session).account, nowMs: clock.nowMs() };
      await refusable(() => decideDraft(ledger, act));
      return undefined;
    },
  );
