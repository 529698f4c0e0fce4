import type { Evaluation } from '@skyeye/engine';
import { RecentMap } from './recent-map.ts';
import { mergeSignal, type Signal } from './signal.ts';

const DEVICES_MAX = 50_000;
const ACCOUNTS_MAX = 200_000;
/** Accounts of one device, and devices of one account; the newest stay. */
const EACH_MAX = 16;
/** What is remembered longer than a device's features look back says nothing. */
const KEEP_MS = 7 * 86_400_000;

interface Device {
  readonly accounts: readonly string[];
  readonly signals: ReadonlyMap<string, Signal>;
  readonly seenMs: number;
}

/** Which accounts are used on one device, so that what is true of the device counts for each of them: gangs hold them together. */
export class SharedDevices {
  readonly #devices = new RecentMap<Device>(DEVICES_MAX);
  readonly #of = new RecentMap<readonly string[]>(ACCOUNTS_MAX);

  link(device: string, account: string, tMs: number): void {
    const known = this.#devices.get(device);
    const accounts = known?.accounts ?? [];
    const isNew = !accounts.includes(account);
    this.#devices.set(device, {
      accounts: isNew ? [...accounts, account].slice(-EACH_MAX) : accounts,
      signals: known?.signals ?? new Map<string, Signal>(),
      seenMs: Math.max(tMs, known?.seenMs ?? 0),
    });
    if (isNew) this.#of.set(account, [...(this.#of.get(account) ?? []).filter((other) => other !== device), device].slice(-EACH_MAX));
  }

  /** Folds what was evaluated of a device; whether that began to fire. */
  fold(device: string, seen: Evaluation): boolean {
    const known = this.#devices.get(device);
    const before = known?.signals.get(seen.feature);
    const merged = mergeSignal(before, seen);
    if (known === undefined || merged === undefined) return false;
    this.#devices.set(device, { ...known, signals: new Map(known.signals).set(seen.feature, merged) });
    return seen.fires && before?.stillFires !== true;
  }

  accountsOf(device: string): readonly string[] {
    return this.#devices.get(device)?.accounts ?? [];
  }

  devicesOf(account: string): readonly string[] {
    return this.#of.get(account) ?? [];
  }

  /** The signals of all devices of an account. */
  signalsOf(account: string): Signal[] {
    return this.devicesOf(account).flatMap((device) => [...(this.#devices.get(device)?.signals.values() ?? [])]);
  }

  sweep(nowMs: number): void {
    for (const [device, { accounts, seenMs }] of this.#devices.entries()) {
      if (nowMs - seenMs < KEEP_MS) continue;
      this.#devices.delete(device);
      for (const account of accounts) {
        const rest = this.devicesOf(account).filter((other) => other !== device);
        if (rest.length === 0) this.#of.delete(account);
        else this.#of.set(account, rest);
      }
    }
  }

  state(): { readonly devices: readonly (readonly [string, Device])[]; readonly of: readonly (readonly [string, readonly string[]])[] } {
    return { devices: this.#devices.entries(), of: this.#of.entries() };
  }

  restore({ devices, of }: ReturnType<SharedDevices['state']>): void {
    this.#devices.restore(devices);
    this.#of.restore(of);
  }
}
