import type { IncidentDetail } from '@skyeye/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { useNavigate, useParams } from 'react-router';
import { ApiError } from '../api/client.ts';
import { api } from '../api/routes.ts';
import { useFeedState } from '../live/use-feed.tsx';
import { isOpen } from '../queue/order.ts';
import { useHotkeys } from '../shell/hotkeys.ts';
import { Empty, Failing, Loading } from '../shell/page-states.tsx';
import { useLanguage } from '../texts/language.tsx';
import { AxisCard } from './axis/axis-card.tsx';
import { mergeEvidence } from './axis/axis-model.ts';
import { BankCard } from './bank-card.tsx';
import { ClocksCard } from './clocks-card.tsx';
import { IncidentDialogs, type DialogName } from './dialogs/incident-dialogs.tsx';
import { IncidentHead } from './incident-head.tsx';
import './incident.css';
import { KinTalkCards } from './kin-talk-cards.tsx';
import { MoneyCard } from './money-card.tsx';
import { NowCard } from './now-card.tsx';
import { ReasonsCard } from './reasons-card.tsx';
import { TracksCard } from './tracks-card.tsx';
import { useActs } from './use-acts.ts';

export function IncidentPage(): ReactNode {
  const { id = '' } = useParams();
  const { texts, say } = useLanguage();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const acts = useActs();
  const { incidents, evidence: fresh } = useFeedState();
  const [dialog, setDialog] = useState<DialogName | null>(null);
  const page = useQuery({ queryKey: ['incident', id], queryFn: () => api.incident(id) });
  const row = incidents.get(id);
  const loaded = page.data;
  const newer = row !== undefined && loaded !== undefined && row.version > loaded.version;
  // The row is here at once; reasons and acts that came with the new version are fetched behind it.
  useEffect(() => {
    if (newer) void queries.invalidateQueries({ queryKey: ['incident', id] });
  }, [newer, row?.version, id, queries]);
  const detail = useMemo<IncidentDetail | undefined>(
    () => (newer && loaded !== undefined && row !== undefined ? { ...loaded, ...row } : loaded),
    [loaded, row, newer],
  );
  const evidence = useMemo(() => mergeEvidence(loaded?.evidence ?? [], fresh.get(id) ?? []), [loaded, fresh, id]);
  const open = detail !== undefined && isOpen(detail);
  useHotkeys({
    Escape: () => void navigate('/'),
    s: open && detail.signedMs === null ? () => acts.sign(detail) : undefined,
    c: open ? () => setDialog('call') : undefined,
    d: open ? () => setDialog('dispatch') : undefined,
  });
  if (page.error instanceof ApiError && page.error.status === 404) return <Empty title={texts.incident.notFound} />;
  if (page.error !== null && detail === undefined) return <Failing error={page.error} onRetry={() => void page.refetch()} />;
  if (detail === undefined) return <Loading />;
  return (
    <div className="ipage">
      <IncidentHead detail={detail} />
      <div className="ibody">
        <div className="column">
          <section className="card whybar">{say(detail.why)}</section>
          <AxisCard detail={detail} evidence={evidence} />
          <div className="pair">
            <ReasonsCard detail={detail} />
            <MoneyCard detail={detail} evidence={evidence} />
          </div>
          <KinTalkCards detail={detail} />
        </div>
        <div className="column">
          <NowCard detail={detail} onSign={() => acts.sign(detail)} onDialog={setDialog} />
          <TracksCard detail={detail} />
          <ClocksCard detail={detail} />
          <BankCard holds={detail.holds} />
        </div>
      </div>
      <IncidentDialogs row={detail} name={dialog} onClose={() => setDialog(null)} />
    </div>
  );
}
