import type { FieldTask, Report } from '@skyeye/contracts';
import { handlingOf, SkyeyeError } from '@skyeye/foundation';
import { hashText, Random } from '../random.ts';
import type { Population } from '../population.ts';
import type { Life } from './lives.ts';
import { paceOf } from './pace.ts';
import type { FieldAccount, FieldClient } from './ports.ts';

const MIN_MS = 60_000;
/** Requests under way at a time, and new ones per tick. */
const UNDER_WAY_MAX = 12;
/** Wall ms between two looks at the same account's list: where somebody is in a script, and elsewhere. */
const LOOK_NEAR_MS = 2500;
const LOOK_FAR_MS = 30_000;
/** Wall ms between two sign-ins of units where nothing goes on, and how long a refused account rests. */
const SIGN_IN_EVERY_MS = 2000;
const REST_MS = 60_000;
/** Tasks that this force remembers having met; the oldest are forgotten. */
const MET_MAX = 2000;

export interface FieldForceOptions {
  readonly population: Population;
  readonly accounts: readonly FieldAccount[];
  readonly client: FieldClient;
  /** County ms before somebody takes a task, so that a human may. Default three minutes. */
  readonly waitMs?: number;
  /** Units (or accounts) that a human plays: left alone. */
  readonly human: () => ReadonlySet<string>;
  readonly wallNowMs: () => number;
  readonly nowMs: () => number;
  readonly inPlay: (nowMs: number) => readonly number[];
  readonly contact: (resident: number, how: 'call' | 'visit', atMs: number) => Life;
  readonly life: (resident: number, nowMs: number) => Life;
  readonly onStep: (step: 'accept' | 'arrive' | 'meet' | 'report' | 'refused' | 'unreachable') => void;
}

interface Post {
  readonly account: FieldAccount;
  session: string | null;
  nextWallMs: number;
  busy: boolean;
  /** It had something to do when last looked at. */
  hot: boolean;
}

/** Officers, teams and grid workers who take their tasks through the field service, as people with a phone would. */
export class FieldForce {
  readonly #o: FieldForceOptions;
  readonly #posts: readonly Post[];
  readonly #byPhone = new Map<string, number>();
  readonly #byName = new Map<string, number[]>();
  readonly #met = new Map<string, { life: Life; resident: number }>();
  readonly #resting = new Map<string, number>();
  readonly #under = new Set<Promise<void>>();
  #nextSignInMs = 0;
  #turn = 0;

  constructor(options: FieldForceOptions) {
    this.#o = options;
    this.#posts = options.accounts.map((account) => ({ account, session: null, nextWallMs: 0, busy: false, hot: false }));
    for (const resident of options.population.residents) {
      if (resident.phone !== null) this.#byPhone.set(resident.phone, resident.index);
      const list = this.#byName.get(resident.name);
      if (list === undefined) this.#byName.set(resident.name, [resident.index]);
      else list.push(resident.index);
    }
  }

  /** Looks at the lists that are due. Never waits; what comes of it shows in later ticks. */
  tick(): void {
    const { wallNowMs, nowMs, human } = this.#o;
    const wall = wallNowMs();
    const near = this.#near(nowMs());
    const left = human();
    let started = 0;
    for (let n = 0; n < this.#posts.length && this.#under.size < UNDER_WAY_MAX && started < UNDER_WAY_MAX; n++) {
      const post = this.#posts[(this.#turn + n) % this.#posts.length];
      if (post === undefined || post.busy || wall < post.nextWallMs) continue;
      const { account } = post;
      if (left.has(account.account) || (account.unit !== null && left.has(account.unit))) continue;
      const isNear = post.hot || (account.unit !== null && near.has(account.unit));
      if (post.session === null && !isNear) {
        if (wall < this.#nextSignInMs) continue;
        this.#nextSignInMs = wall + SIGN_IN_EVERY_MS;
      }
      post.busy = true;
      post.nextWallMs = wall + (isNear ? LOOK_NEAR_MS : LOOK_FAR_MS);
      started++;
      const looked = this.#look(post).finally(() => {
        post.busy = false;
      });
      this.#under.add(looked);
      void looked.finally(() => this.#under.delete(looked));
    }
    this.#turn = this.#posts.length === 0 ? 0 : (this.#turn + 1) % this.#posts.length;
  }

  /** Units of the places where somebody is in a script. */
  #near(nowMs: number): Set<string> {
    const { population, inPlay } = this.#o;
    const units = new Set<string>();
    for (const index of inPlay(nowMs)) {
      const resident = population.residents[index];
      const town = population.county.towns[resident?.town ?? -1];
      if (resident === undefined || town === undefined) continue;
      units.add(resident.community).add(resident.grid).add(town.station);
      for (const team of population.county.teams) if (team.station === town.station) units.add(team.code);
    }
    return units;
  }

  async #look(post: Post): Promise<void> {
    try {
      post.session ??= await this.#o.client.signIn(post.account);
      const tasks = await this.#o.client.tasks(post.session);
      post.hot = tasks.some((task) => task.state !== 'resulted' && task.state !== 'cancelled');
      for (const task of tasks) await this.#try(post.session, task);
    } catch (error) {
      const handling = handlingOf(error);
      if (handling !== 'retry' && handling !== 'refuse') throw error;
      this.#o.onStep(handling === 'refuse' ? 'refused' : 'unreachable');
      // A session that has ended is begun anew; an account that may not sign in, or a service that is away, gets a rest.
      const ended = error instanceof SkyeyeError && error.facts['status'] === 401 && post.session !== null;
      if (handling === 'refuse') post.session = null;
      if (!ended) post.nextWallMs = this.#o.wallNowMs() + REST_MS;
    }
  }

  /** A step that is refused (somebody else was faster) rests for a while; the other tasks go on. */
  async #try(session: string, task: FieldTask): Promise<void> {
    const wall = this.#o.wallNowMs();
    if (wall < (this.#resting.get(task.id) ?? 0)) return;
    this.#resting.delete(task.id);
    try {
      await this.#work(session, task);
    } catch (error) {
      if (!(error instanceof SkyeyeError) || error.handling !== 'refuse' || error.facts['status'] === 401) throw error;
      this.#o.onStep('refused');
      this.#resting.set(task.id, wall + REST_MS);
      const oldest = this.#resting.size > MET_MAX ? this.#resting.keys().next() : undefined;
      if (oldest?.done === false) this.#resting.delete(oldest.value);
    }
  }

  /** The next step of a task, when its time has come. All times follow from the task itself, so a restart goes on. */
  async #work(session: string, task: FieldTask): Promise<void> {
    const { client, nowMs, waitMs = 3 * MIN_MS, onStep } = this.#o;
    const now = nowMs();
    const random = new Random(hashText(task.id), 0xf1e1d);
    const { takeMs, roadMs, doorMs, talkMs } = paceOf(task, random);
    const body = (step: string) => ({
      clientId: `sim-${step}-${hashText(task.id).toString(36)}-${hashText(`${task.id}${step}`).toString(36)}`,
      atMs: Math.round(now),
      lon: task.position?.lon ?? task.home?.lon ?? null,
      lat: task.position?.lat ?? task.home?.lat ?? null,
    });
    if (task.state === 'sent' && now >= task.createdMs + waitMs + takeMs) {
      await client.step(session, task.id, 'accept', body('accept'));
      onStep('accept');
    } else if (task.state === 'accepted' && now >= (task.acceptedMs ?? task.createdMs) + roadMs) {
      await client.step(session, task.id, 'arrive', body('arrive'));
      onStep('arrive');
    } else if (task.state === 'arrived' && now >= (task.arrivedMs ?? task.createdMs) + doorMs) {
      await client.step(session, task.id, 'meet', body('meet'));
      this.#meet(task, now);
      onStep('meet');
    } else if (task.state === 'met' && now >= (task.metMs ?? task.createdMs) + talkMs) {
      await client.report(session, task.id, this.#report(task, now));
      this.#met.delete(task.id);
      onStep('report');
    }
  }

  #meet(task: FieldTask, nowMs: number): void {
    const resident = this.#who(task);
    if (resident === undefined) return;
    this.#met.set(task.id, { resident, life: this.#o.contact(resident, 'visit', nowMs) });
    const oldest = this.#met.size > MET_MAX ? this.#met.keys().next() : undefined;
    if (oldest?.done === false) this.#met.delete(oldest.value);
  }

  /** The resident whom a task is about, by the number or by name and address as shown to the one who accepted. */
  #who(task: FieldTask): number | undefined {
    const byPhone = task.phone === null ? undefined : this.#byPhone.get(task.phone);
    if (byPhone !== undefined) return byPhone;
    const { residents } = this.#o.population;
    const named = this.#byName.get(task.name) ?? [];
    return (
      named.find((index) => residents[index]?.address === task.address) ??
      named.find((index) => residents[index]?.age === task.age && residents[index]?.sex === task.sex) ??
      (named.length === 1 ? named[0] : undefined)
    );
  }

  #report(task: FieldTask, nowMs: number): Report {
    const met = this.#met.get(task.id);
    const resident = met?.resident ?? this.#who(task);
    // After a restart what was found at the door is read from the person's life.
    const life = met?.life ?? (resident === undefined ? null : this.#o.life(resident, nowMs));
    const base = {
      clientId: `sim-report-${hashText(task.id).toString(36)}-${hashText(`${task.id}r`).toString(36)}`,
      falseAlarmCause: null,
      scam: null,
      metWho: 'self',
      meeting: 'face',
      transferred: false,
      transferredFen: 0,
      stillOnCall: false,
      appRemoved: false,
      antifraudApp: false,
      notes: '',
      filledMs: Math.round(nowMs),
    } as const;
    if (life === null) return { ...base, result: 'not_found', metWho: 'nobody', meeting: 'none', notes: '登记地址无此人,邻居不知去向' };
    const scam = SCAM_OF[life.script ?? ''] ?? null;
    if (life.label !== 'fraud')
      return { ...base, result: 'false_alarm', falseAlarmCause: CAUSE_OF[life.script ?? ''] ?? 'other', notes: '核实为正常行为' };
    const money = { transferred: life.lostFen > 0, transferredFen: life.lostFen };
    if (life.stopped)
      return {
        ...base,
        ...money,
        scam,
        result: life.lostFen === 0 ? 'stopped_before' : 'partial_loss',
        appRemoved: true,
        antifraudApp: true,
        notes: life.lostFen === 0 ? '已劝住,未转账' : '已劝住,后续未再转账',
      };
    if (life.over && life.lostFen > 0)
      return { ...base, ...money, scam, result: 'lost', antifraudApp: true, notes: '到场时已转账,已引导报警' };
    if (life.over) return { ...base, scam, result: 'stopped_before', antifraudApp: true, notes: '对方已中断联系,未转账' };
    return { ...base, ...money, scam, result: 'refused', stillOnCall: true, notes: '坚称在办正事,拒绝配合,建议再次上门' };
  }

  /** Resolves when no request is under way. */
  async settled(): Promise<void> {
    while (this.#under.size > 0) await Promise.allSettled(this.#under);
  }
}

const SCAM_OF: Readonly<Record<string, Report['scam']>> = {
  brush: 'brush',
  invest: 'invest',
  svc: 'svc',
  gov: 'gov',
  loan: 'loan',
  boss: 'boss',
  romance: 'romance',
  shopping: 'shopping',
  credit: 'credit',
  game: 'game',
  elder: 'elder',
  cash_delivery: 'cash_delivery',
  mule_ring: 'mule_ring',
  scam_caller: 'scam_caller',
};
const CAUSE_OF: Readonly<Record<string, NonNullable<Report['falseAlarmCause']>>> = {
  hn_courier: 'work_call',
  hn_callcenter: 'work_call',
  hn_it_support: 'work_call',
  hn_job_interview: 'work_call',
  hn_real_svc: 'real_service',
  hn_house: 'house',
  hn_renovation: 'house',
  hn_doctor: 'medical',
  hn_elder_hospital: 'medical',
  hn_online_seller: 'shop_owner',
  hn_landlord: 'shop_owner',
  hn_overseas_kin: 'kin',
  hn_new_student: 'kin',
};
