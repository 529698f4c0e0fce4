import type { FieldTask, HoldEnd, HoldReply, HoldRequestInput, Report, TaskStep } from '@skyeye/contracts';

export interface RawMessage {
  readonly topic: string;
  readonly key: string;
  /** JSON. */
  readonly value: string;
}

/** Where raw records go. Resolves when they are durable; a rejection stops the county, and the same messages come again after a restart. */
export interface RawSink {
  send(messages: readonly RawMessage[]): Promise<void>;
}

/** The bank's side of 警银直通车, for every partner bank. */
export interface HoldClient {
  /** @throws SIMULATOR_BANK_UNREACHABLE (retry with the same request id), SIMULATOR_BANK_REFUSED */
  ask(bank: string, request: HoldRequestInput): Promise<HoldReply>;
  end(bank: string, holdId: string, how: 'confirmations' | 'releases', body: HoldEnd): Promise<void>;
}

export interface FieldAccount {
  readonly account: string;
  readonly password: string;
  readonly role: string;
  /** Code of the station, community, grid or team. */
  readonly unit: string | null;
}

/** What the simulated officers and grid workers use of the field service. `session` is opaque. */
export interface FieldClient {
  /** @throws SIMULATOR_FIELD_REFUSED, SIMULATOR_FIELD_UNREACHABLE (all methods) */
  signIn(account: FieldAccount): Promise<string>;
  tasks(session: string): Promise<readonly FieldTask[]>;
  step(session: string, taskId: string, step: 'accept' | 'arrive' | 'meet', body: TaskStep): Promise<void>;
  report(session: string, taskId: string, body: Report): Promise<void>;
}
