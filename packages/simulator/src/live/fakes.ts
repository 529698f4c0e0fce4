import type { FieldTask, HoldEnd, HoldReply, HoldRequestInput } from '@skyeye/contracts';
import { errors } from '../errors.ts';
import type { FieldClient, HoldClient, RawMessage, RawSink } from './ports.ts';

/** A log in memory. `failAt`: the send that breaks off, as a kill would. */
export class MemorySink implements RawSink {
  readonly messages: RawMessage[] = [];
  sends = 0;
  failAt = Infinity;
  send(messages: readonly RawMessage[]): Promise<void> {
    this.sends++;
    if (this.sends === this.failAt) return Promise.reject(new Error('killed'));
    this.messages.push(...messages);
    return Promise.resolve();
  }
}

/** A bank gateway with the idempotency of the real one and a rule of thumb in place of an engine. */
export class FakeGateway implements HoldClient {
  readonly asked = new Map<string, { request: HoldRequestInput; reply: HoldReply }>();
  readonly ended = new Map<string, { how: string; body: HoldEnd }>();
  readonly conflicts: string[] = [];
  /** Every n-th request fails on the line before it is answered, after it was taken. */
  breakEvery = 0;
  #requests = 0;
  readonly #outcome: (request: HoldRequestInput) => HoldReply['outcome'];
  constructor(outcome: (request: HoldRequestInput) => HoldReply['outcome']) {
    this.#outcome = outcome;
  }
  ask(bank: string, request: HoldRequestInput): Promise<HoldReply> {
    const known = this.asked.get(request.requestId);
    if (known !== undefined && JSON.stringify(known.request) !== JSON.stringify(request)) this.conflicts.push(request.requestId);
    const outcome = this.#outcome(request);
    const held = outcome === 'hold' || outcome === 'fuse';
    const reply: HoldReply = known?.reply ?? {
      requestId: request.requestId,
      holdId: held ? `h_${bank}_${request.requestId}` : null,
      outcome,
      reasonCode: '1001',
      reason: '',
      decidedBy: 'engine',
      state: held ? 'active' : 'none',
      expiresMs: null,
      script: null,
      decidedInMs: 1,
    };
    this.asked.set(request.requestId, { request, reply });
    if (this.breakEvery > 0 && ++this.#requests % this.breakEvery === 0) return Promise.reject(errors.bankUnreachable({ route: 'fake' }));
    return Promise.resolve(reply);
  }
  end(_bank: string, holdId: string, how: 'confirmations' | 'releases', body: HoldEnd): Promise<void> {
    this.ended.set(holdId, { how, body });
    return Promise.resolve();
  }
}

/** A field service that holds tasks and knows their order of steps. */
export class FakeField implements FieldClient {
  readonly tasksByUnit = new Map<string, FieldTask[]>();
  readonly reports = new Map<string, unknown>();
  readonly signedIn: string[] = [];
  readonly #nowMs: () => number;
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }
  signIn({ account, unit }: { account: string; unit: string | null }): Promise<string> {
    this.signedIn.push(account);
    return Promise.resolve(unit ?? '');
  }
  tasks(session: string): Promise<readonly FieldTask[]> {
    return Promise.resolve(structuredClone(this.tasksByUnit.get(session) ?? []));
  }
  #task(session: string, id: string): FieldTask {
    const task = (this.tasksByUnit.get(session) ?? []).find((entry) => entry.id === id);
    if (task === undefined) throw errors.fieldRefused({ route: 'fake' });
    return task;
  }
  step(session: string, taskId: string, step: 'accept' | 'arrive' | 'meet'): Promise<void> {
    const task = this.#task(session, taskId);
    const now = this.#nowMs();
    if (step === 'accept') Object.assign(task, { state: 'accepted', acceptedMs: now });
    if (step === 'arrive') Object.assign(task, { state: 'arrived', arrivedMs: now });
    if (step === 'meet') Object.assign(task, { state: 'met', metMs: now });
    return Promise.resolve();
  }
  report(session: string, taskId: string, body: unknown): Promise<void> {
    Object.assign(this.#task(session, taskId), { state: 'resulted', resultedMs: this.#nowMs() });
    this.reports.set(taskId, body);
    return Promise.resolve();
  }
}
