import { LIMITS, type EntityType } from '@skyeye/language';
import { EDGE_IN, EDGE_OUT, LOGIN } from './collect.ts';
import type { EntityTable } from './entity-table.ts';
import type { Outside } from './helpers.ts';
import type { Hot, HotMeasure } from './hot.ts';
import { HEAD_UNITS, type Layout, type Shape } from './layout.ts';
import type { Slabs } from './slabs.ts';
import { TaintWalk } from './taint.ts';

/** Word and mask of a predicate bit. */
export interface Bit {
  readonly at: number;
  readonly mask: number;
}

/** A bit that no row has, when no feature walks by the filter. */
export function bitOf(layout: Layout, filter: Parameters<Layout['findBit']>[0]): Bit {
  const bit = layout.findBit(filter);
  return bit < 0 ? { at: 0, mask: 0 } : { at: HEAD_UNITS * 2 + (bit >>> 5), mask: 1 << (bit & 31) };
}

/** Live transfers of an account, as the definition walks them: the latest 200 of the window, in total order. */
export class Edges {
  readonly slabs: Slabs;
  readonly table: EntityTable | undefined;
  readonly #head: number;
  readonly #in: Bit;
  readonly #out: Bit;
  readonly #peer: number;
  readonly #amount: number;
  readonly #transaction: number;
  readonly #black: number;
  readonly #victim: number;

  constructor(slabs: Slabs, shape: Shape) {
    const fund = shape.layout('bank');
    const at = (name: string): number => fund.columns.get(name)?.at ?? -1;
    this.slabs = slabs;
    this.table = slabs.tables[slabs.typeIndex('acct')];
    this.#head = shape.lists('acct').find(({ name }) => name === 'fund')?.head ?? 0;
    this.#in = bitOf(fund, EDGE_IN);
    this.#out = bitOf(fund, EDGE_OUT);
    [this.#peer, this.#amount, this.#transaction, this.#black, this.#victim] = [
      at('peer'),
      at('amt'),
      at('txid'),
      at('peer_black'),
      at('peer_victim'),
    ];
  }

  slotOf(account: number): number {
    return this.table?.find(account, 0) ?? -1;
  }

  /** An account without events of its own has no edges: most counterparties are elsewhere. */
  hasEvents(account: number): boolean {
    return account >= 0 && this.slotOf(account) >= 0;
  }

  peer = (row: number): number => this.slabs.i32[row * 2 + this.#peer] as number;
  transaction = (row: number): number => this.slabs.i32[row * 2 + this.#transaction] as number;
  isVictim = (row: number): boolean => this.slabs.i32[row * 2 + this.#victim] === 1;
  isBlack = (row: number): boolean => (this.slabs.f64[row + this.#black] as number) >= 1;

  amount(row: number): number {
    const amount = this.slabs.f64[row + this.#amount] as number;
    return amount === amount ? amount : 0;
  }

  out(slot: number, tMs: number, current: number, afterMs: number, latest: number = LIMITS.edgesPerNode): number[] {
    return this.#latest(slot, tMs, current, afterMs, latest, this.#out);
  }

  in(slot: number, tMs: number, current: number, afterMs: number, latest: number = LIMITS.edgesPerNode): number[] {
    return this.#latest(slot, tMs, current, afterMs, latest, this.#in);
  }

  #latest(slot: number, tMs: number, current: number, afterMs: number, latest: number, { at, mask }: Bit): number[] {
    const found: number[] = [];
    if (slot < 0 || this.table === undefined) return found;
    const { refs, f64, i32 } = this.slabs;
    const head = slot * this.table.stride + this.#head;
    const place = this.table.heads[head] as number;
    for (
      let index = this.slabs.end(place, this.table.heads[head + 1] as number, tMs, current) - 1;
      index >= 0 && found.length < latest;
      index--
    ) {
      const row = refs[place + index] as number;
      if (!((f64[row] as number) > afterMs)) break;
      if (((i32[row * 2 + at] as number) & mask) !== 0) found.push(row);
    }
    return found.reverse();
  }
}

/** The functions over the money graph around an account. Cost: at most 200 edges per account reached. */
export class Graph {
  readonly #edges: Edges;
  readonly #slabs: Slabs;
  readonly #outside: Outside;
  readonly #logins: { readonly bit: Bit; readonly acct: number; readonly device: number; readonly ip: number };
  readonly #hot: Hot;
  readonly #loginMeasures = new Map<string, HotMeasure & { readonly id: number }>();
  readonly #loginWords: number;
  readonly #loginHead = new Map<EntityType, number>();
  readonly #shape: Shape;

  constructor(slabs: Slabs, shape: Shape, outside: Outside, hot: Hot) {
    this.#hot = hot;
    this.#loginWords = shape.layout('acct').words;
    this.#slabs = slabs;
    this.#shape = shape;
    this.#outside = outside;
    this.#edges = new Edges(slabs, shape);
    const acct = shape.layout('acct');
    const at = (name: string): number => acct.columns.get(name)?.at ?? -1;
    this.#logins = { bit: bitOf(acct, LOGIN), acct: at('acct'), device: at('device'), ip: at('ip') };
  }

  hopsToBlack(E: number, account: number, tMs: number, current: number, hops: number, startMs: number): number {
    const edges = this.#edges;
    const { f64 } = this.#slabs;
    let front = new Map([[account, startMs]]);
    for (let hop = 1; hop <= hops && front.size > 0; hop++) {
      const next = new Map<number, number>();
      for (const [own, reachedMs] of front) {
        const afterMs = own === account ? startMs : Math.max(startMs, reachedMs - 1);
        for (const edge of edges.out(hop === 1 ? E : edges.slotOf(own), tMs, current, afterMs)) {
          const t = f64[edge] as number;
          if (t < reachedMs) continue;
          if (edges.isBlack(edge)) return hop;
          const peer = edges.peer(edge);
          if (hop < hops && edges.hasEvents(peer)) next.set(peer, Math.min(next.get(peer) ?? t, t));
        }
      }
      front = next;
    }
    return Number.NaN;
  }

  hopsFromVictim(E: number, account: number, tMs: number, current: number, hops: number, startMs: number): number {
    const edges = this.#edges;
    const { f64 } = this.#slabs;
    let front = new Map([[account, tMs]]);
    for (let hop = 1; hop <= hops && front.size > 0; hop++) {
      const next = new Map<number, number>();
      for (const [own, leftMs] of front) {
        for (const edge of edges.in(hop === 1 ? E : edges.slotOf(own), tMs, current, startMs)) {
          const t = f64[edge] as number;
          if (t > leftMs) continue;
          if (edges.isVictim(edge)) return hop;
          const peer = edges.peer(edge);
          if (hop < hops && edges.hasEvents(peer)) next.set(peer, Math.max(next.get(peer) ?? t, t));
        }
      }
      front = next;
    }
    return Number.NaN;
  }

  depth(E: number, tMs: number, current: number, hops: number, gapMs: number, ratio: number, afterMs: number): number {
    const edges = this.#edges;
    const { f64 } = this.#slabs;
    const known = new Map<number, number>();
    const behind = (edge: number, left: number): number => {
      const payer = edges.peer(edge);
      if (left === 0 || payer < 0) return 0;
      const slot = edges.slotOf(payer);
      if (slot < 0) return 0;
      const memo = edge * 16 + left;
      const remembered = known.get(memo);
      if (remembered !== undefined) return remembered;
      let best = 0;
      const t = f64[edge] as number;
      for (const credit of edges.in(slot, t, edge, Math.max(afterMs, t - gapMs - 1), Infinity)) {
        const carried = edges.amount(edge) / edges.amount(credit);
        if (t - (f64[credit] as number) <= gapMs && ratio <= carried && carried <= 1 / ratio)
          best = Math.max(best, 1 + behind(credit, left - 1));
      }
      known.set(memo, best);
      return best;
    };
    let best = 0;
    for (const edge of edges.in(E, tMs, current, afterMs)) best = Math.max(best, 1 + behind(edge, hops - 1));
    return best;
  }

  scatterGather(E: number, account: number, tMs: number, current: number, afterMs: number): number {
    const edges = this.#edges;
    const { f64 } = this.#slabs;
    const firstMs = new Map<number, number>();
    for (const edge of edges.out(E, tMs, current, afterMs)) {
      const peer = edges.peer(edge);
      if (edges.hasEvents(peer) && !firstMs.has(peer)) firstMs.set(peer, f64[edge] as number);
    }
    const intermediaries = new Map<number, Set<number>>();
    for (const [own, reachedMs] of firstMs) {
      for (const edge of edges.out(edges.slotOf(own), tMs, current, afterMs)) {
        const sink = edges.peer(edge);
        if (sink < 0 || (f64[edge] as number) < reachedMs || sink === account) continue;
        const known = intermediaries.get(sink);
        if (known === undefined) intermediaries.set(sink, new Set([own]));
        else known.add(own);
      }
    }
    let best = 0;
    for (const accounts of intermediaries.values()) best = Math.max(best, accounts.size);
    return best;
  }

  cycle(E: number, account: number, tMs: number, current: number, hops: number, ratio: number, afterMs: number): number {
    const edges = this.#edges;
    const { f64 } = this.#slabs;
    let best = Number.NaN;
    for (const first of edges.out(E, tMs, current, afterMs)) {
      const payee = edges.peer(first);
      if (!edges.hasEvents(payee)) continue;
      const least = ratio * edges.amount(first);
      let front = new Map([[payee, f64[first] as number]]);
      for (let length = 2; length <= hops && front.size > 0 && !(length >= best); length++) {
        const next = new Map<number, number>();
        for (const [own, reachedMs] of front) {
          for (const edge of edges.out(edges.slotOf(own), tMs, current, afterMs)) {
            const [peer, t] = [edges.peer(edge), f64[edge] as number];
            if (peer < 0 || t < reachedMs || edges.amount(edge) < least) continue;
            if (peer === account) best = length;
            else if (length < hops && edges.hasEvents(peer)) next.set(peer, Math.min(next.get(peer) ?? t, t));
          }
        }
        front = next;
      }
    }
    return best;
  }

  copayees(E: number, account: number, tMs: number, current: number, afterMs: number): number {
    const edges = this.#edges;
    const paidBy = new Map<number, number>();
    const payers = new Set<number>();
    for (const edge of edges.in(E, tMs, current, afterMs)) if (edges.hasEvents(edges.peer(edge))) payers.add(edges.peer(edge));
    for (const payer of payers) {
      const payees = new Set<number>();
      for (const edge of edges.out(edges.slotOf(payer), tMs, current, afterMs)) if (edges.peer(edge) >= 0) payees.add(edges.peer(edge));
      payees.delete(account);
      for (const payee of payees) paidBy.set(payee, (paidBy.get(payee) ?? 0) + 1);
    }
    let count = 0;
    for (const times of paidBy.values()) if (times >= 2) count += 1;
    return count;
  }

  taint(account: number, tMs: number, current: number, hops: number, afterMs: number): number {
    let sum = 0;
    for (const fen of new TaintWalk(this.#edges, { tMs, current, hops, afterMs }).credits(account, 1).values()) sum += fen;
    return sum;
  }

  /** Listed accounts that logged in with a device or address the account used too. */
  sharedWithListed(type: number, E: number, account: number, tMs: number, current: number, byIp: boolean, afterMs: number): number {
    const column = byIp ? this.#logins.ip : this.#logins.device;
    const listed = new Set<number>();
    const by = this.#slabs.typeIndex(byIp ? 'ip' : 'device');
    const accounts = this.#slabs.typeIndex('acct');
    for (const tool of this.#usedIn(type, E, tMs, current, column, afterMs)) {
      const slot = this.#slabs.tables[by]?.find(tool, 0) ?? -1;
      for (const other of this.#usedIn(by, slot, tMs, current, this.#logins.acct, afterMs)) {
        if (other === account || listed.has(other)) continue;
        if (this.#outside.dimension(accounts, other, 0, 'black', tMs) >= 1) listed.add(other);
      }
    }
    return listed.size;
  }

  /** Different codes of a field in the logins of a key. */
  #usedIn(type: number, slot: number, tMs: number, current: number, column: number, afterMs: number): Iterable<number> {
    const table = this.#slabs.tables[type];
    if (slot < 0 || table === undefined) return [];
    const list = this.#headOf(type);
    if ((table.heads[slot * table.stride + list + 1] as number) >= this.#slabs.hotAt) {
      const name = `${type} ${column}`;
      let measure = this.#loginMeasures.get(name);
      if (measure === undefined) {
        const { at: word, mask } = this.#logins.bit;
        measure = this.#hot.measureOf({
          type,
          list,
          words: this.#loginWords,
          untilMs: 0,
          prior: false,
          word,
          mask,
          kind: 2,
          at: column,
          keeps: 'tally',
          window: 'shared',
        });
        this.#loginMeasures.set(name, measure);
      }
      return this.#hot.cursor(measure, slot, tMs, current, afterMs).counts.keys();
    }
    const { i32 } = this.#slabs;
    const codes = new Set<number>();
    for (const row of this.#loginsOf(type, slot, tMs, current, afterMs)) {
      const code = i32[row * 2 + column] as number;
      if (code >= 0) codes.add(code);
    }
    return codes;
  }

  #loginsOf(type: number, slot: number, tMs: number, current: number, afterMs: number): number[] {
    const found: number[] = [];
    const table = this.#slabs.tables[type];
    if (slot < 0 || table === undefined) return found;
    const { refs, f64, i32 } = this.#slabs;
    const { at, mask } = this.#logins.bit;
    const head = slot * table.stride + this.#headOf(type);
    const place = table.heads[head] as number;
    for (let index = this.#slabs.end(place, table.heads[head + 1] as number, tMs, current) - 1; index >= 0; index--) {
      const row = refs[place + index] as number;
      if (!((f64[row] as number) > afterMs)) break;
      if (((i32[row * 2 + at] as number) & mask) !== 0) found.push(row);
    }
    return found;
  }

  #headOf(type: number): number {
    const entityType = this.#shape.entityTypes[type] as EntityType;
    let head = this.#loginHead.get(entityType);
    if (head === undefined)
      this.#loginHead.set(entityType, (head = this.#shape.lists(entityType).find(({ name }) => name === 'acct')?.head ?? 0));
    return head;
  }
}
