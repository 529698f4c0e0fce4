import { fieldMessage, type FieldTask, type Me, type Report, type TaskStep } from '@skyeye/contracts';
import { ApiError, api } from '../api/client.ts';
import { Outbox, type Queued, type SendResult, type Verb } from '../outbox/outbox.ts';
import { countyNow, type ClockAnchor } from './county-clock.ts';
import { ring } from './ring.ts';

export interface Refused {
  readonly clientId: string;
  readonly verb: Verb;
  readonly why: string;
}

export interface FieldState {
  readonly tasks: ReadonlyMap<string, FieldTask>;
  readonly pending: readonly Queued[];
  readonly refused: readonly Refused[];
  readonly online: boolean;
  readonly loaded: boolean;
  readonly error: unknown;
  readonly signedOut: boolean;
}

type Act =
  | { readonly taskId: string; readonly verb: Exclude<Verb, 'report'>; readonly body: TaskStep }
  | { readonly taskId: string; readonly verb: 'report'; readonly body: Report };

const RETRY_MIN_MS = 1_000;
const RETRY_MAX_MS = 15_000;

/** Tasks, the live line and the queue of acts of one signed-in person. */
export class FieldStore {
  #state: FieldState = { tasks: new Map(), pending: [], refused: [], online: true, loaded: false, error: null, signedOut: false };
  #clock: ClockAnchor;
  #clockReceivedMs = Date.now();
  #known: Set<string> | null = null;
  #stopped = false;
  #source: EventSource | null = null;
  #timer: number | null = null;
  #retryMs = RETRY_MIN_MS;
  readonly #listeners = new Set<() => void>();
  readonly #outbox: Outbox;
  readonly #me: Me;

  constructor(me: Me, outbox: Outbox) {
    this.#me = me;
    this.#clock = me.clock;
    this.#outbox = outbox;
  }

  readonly getState = (): FieldState => this.#state;
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly now = (): number => countyNow(this.#clock, this.#clockReceivedMs, Date.now());

  /** Shows what the phone still knows, then opens the line; returns the stop. */
  start(): () => void {
    this.#stopped = false;
    const again = (): void => this.#reconnect(0);
    window.addEventListener('online', again);
    void this.#restore().then(() => this.#connect());
    return () => {
      this.#stopped = true;
      window.removeEventListener('online', again);
      if (this.#timer !== null) window.clearTimeout(this.#timer);
      this.#source?.close();
    };
  }

  /** Writes the act down, shows it, sends it when the network allows. */
  async act(act: Act): Promise<void> {
    await this.#outbox.add({ clientId: act.body.clientId, account: this.#me.account, taskId: act.taskId, verb: act.verb, body: act.body });
    await this.#renewPending();
    void this.flush();
  }

  dismiss(clientId: string): void {
    this.#set({ refused: this.#state.refused.filter((one) => one.clientId !== clientId) });
  }

  readonly flush = async (): Promise<void> => {
    await this.#outbox.flush(this.#me.account, (queued) => this.#send(queued));
    await this.#renewPending();
  };

  async #send(queued: Queued): Promise<SendResult> {
    try {
      await api.act(queued.taskId, queued.verb, queued.body);
      this.#set({ online: true });
      return 'sent';
    } catch (error) {
      const status = error instanceof ApiError ? error.status : 0;
      if (status === 401) this.#set({ signedOut: true });
      if (status === 0 || status === 401 || status === 408 || status === 429 || status >= 500) {
        if (status === 0) this.#lost();
        return 'later';
      }
      const why = error instanceof ApiError ? (error.problem?.message ?? `HTTP ${status}`) : String(error);
      this.#set({ refused: [...this.#state.refused, { clientId: queued.clientId, verb: queued.verb, why }] });
      return 'refused';
    }
  }

  async #restore(): Promise<void> {
    const snapshot = await this.#outbox.saved();
    if (snapshot !== null && snapshot.me.account === this.#me.account)
      this.#set({ tasks: new Map(snapshot.tasks.map((task) => [task.id, task])), loaded: true });
    await this.#renewPending();
  }

  /** The line first, then the list: what changes in between arrives twice at most, and the version keeps it once. */
  #connect(): void {
    if (this.#stopped) return;
    this.#source?.close();
    const source = new EventSource('./api/stream');
    this.#source = source;
    source.addEventListener('open', () => {
      this.#retryMs = RETRY_MIN_MS;
      void this.#load();
    });
    source.addEventListener('message', (event: MessageEvent<string>) => this.#take(event.data));
    source.addEventListener('error', () => {
      source.close();
      this.#lost();
      if (!this.#state.loaded) void this.#load();
    });
  }

  #lost(): void {
    this.#set({ online: false });
    this.#reconnect(this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MAX_MS);
  }

  #reconnect(ms: number): void {
    if (this.#stopped) return;
    if (this.#timer !== null) window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#connect(), ms);
  }

  async #load(): Promise<void> {
    try {
      const { tasks } = await api.tasks();
      this.#set({ tasks: new Map(tasks.map((task) => [task.id, this.#newer(task)])), loaded: true, online: true, error: null });
      this.#noticeNew();
      await this.#outbox.save(this.#me, [...this.#state.tasks.values()]);
      await this.flush();
    } catch (error) {
      const status = error instanceof ApiError ? error.status : 0;
      if (status === 401) this.#set({ signedOut: true });
      else if (status === 0 || status >= 500) this.#set({ online: false, error });
      else this.#set({ error });
    }
  }

  #newer(task: FieldTask): FieldTask {
    const known = this.#state.tasks.get(task.id);
    return known !== undefined && known.version > task.version ? known : task;
  }

  #take(data: string): void {
    const parsed = fieldMessage.safeParse(JSON.parse(data));
    if (!parsed.success) return console.warn('a message of the stream breaks its contract', parsed.error.issues[0]?.path.join('.'));
    const message = parsed.data;
    if (message.type === 'clock') {
      this.#clock = message;
      this.#clockReceivedMs = Date.now();
      return;
    }
    this.#set({ tasks: new Map(this.#state.tasks).set(message.task.id, this.#newer(message.task)) });
    this.#noticeNew();
    void this.#outbox.save(this.#me, [...this.#state.tasks.values()]);
  }

  /** Rings for tasks that are new since the first list: opening the app is quiet. */
  #noticeNew(): void {
    const open = [...this.#state.tasks.values()].filter((task) => task.state === 'sent');
    const known = this.#known;
    this.#known = new Set(open.map((task) => task.id));
    if (known !== null && open.some((task) => !known.has(task.id))) ring();
  }

  async #renewPending(): Promise<void> {
    this.#set({ pending: await this.#outbox.list(this.#me.account) });
  }

  #set(change: Partial<FieldState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
