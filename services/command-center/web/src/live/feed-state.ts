import type { ActivityLine, Counters, EvidenceItem, Incident, IncidentList, StreamMessage } from '@skyeye/contracts';
import type { ClockAnchor } from './county-clock.ts';

/** What the console knows from the list and the stream together. Replaced, never changed in place. */
export interface FeedState {
  readonly incidents: ReadonlyMap<string, Incident>;
  readonly counters: Counters | null;
  readonly lines: readonly ActivityLine[];
  /** Evidence that arrived after the page of an incident was loaded, by incident. */
  readonly evidence: ReadonlyMap<string, readonly EvidenceItem[]>;
  readonly seq: number;
  readonly clock: ClockAnchor | null;
  readonly clockReceivedMs: number;
}

const LINES_MAX = 200;
/** Evidence kept per incident, and incidents for which it is kept: those looked at last win. */
const EVIDENCE_MAX = 500;
const EVIDENCE_INCIDENTS_MAX = 50;

export const EMPTY_FEED: FeedState = {
  incidents: new Map(),
  counters: null,
  lines: [],
  evidence: new Map(),
  seq: -1,
  clock: null,
  clockReceivedMs: 0,
};

/** The list as the server had it at `feedSeq`. A row already known in a higher version stays; so do the lines already shown. */
export function withList(state: FeedState, list: IncidentList): FeedState {
  const incidents = new Map<string, Incident>();
  for (const row of list.incidents) {
    const known = state.incidents.get(row.id);
    incidents.set(row.id, known !== undefined && known.version > row.version ? known : row);
  }
  const known = new Set(state.lines.map(({ action }) => action.seq));
  const lines = [...state.lines, ...list.recent.filter(({ action }) => !known.has(action.seq))]
    .sort((a, b) => b.action.seq - a.action.seq)
    .slice(0, LINES_MAX);
  return { ...state, incidents, lines, counters: list.counters, seq: Math.max(state.seq, list.feedSeq) };
}

/** One incident as an answer of the server gave it, in or out of turn: the higher version wins. */
export function withIncident(state: FeedState, row: Incident): FeedState {
  const known = state.incidents.get(row.id);
  if (known !== undefined && known.version >= row.version) return state;
  return { ...state, incidents: new Map(state.incidents).set(row.id, row) };
}

/**
 * Messages of the stream in the order of arrival. A message at or below the sequence already seen is a repetition after a
 * resumed connection and is dropped; the clock is taken always. Cost: one copy of the map per batch, not per message.
 */
export function withMessages(state: FeedState, messages: readonly StreamMessage[], receivedMs: number): FeedState {
  let { counters, seq, clock, clockReceivedMs } = state;
  let incidents: Map<string, Incident> | null = null;
  let evidence: Map<string, readonly EvidenceItem[]> | null = null;
  const fresh: ActivityLine[] = [];
  for (const message of messages) {
    if (message.type === 'clock') {
      clock = message;
      clockReceivedMs = receivedMs;
      continue;
    }
    if (message.seq <= seq) continue;
    seq = message.seq;
    switch (message.type) {
      case 'incident': {
        incidents ??= new Map(state.incidents);
        const known = incidents.get(message.incident.id);
        if (known === undefined || known.version < message.incident.version) incidents.set(message.incident.id, message.incident);
        break;
      }
      case 'action':
        fresh.unshift({ action: message.action, subjectName: message.subjectName });
        break;
      case 'evidence': {
        evidence ??= new Map(state.evidence);
        const known = evidence.get(message.incidentId) ?? [];
        evidence.delete(message.incidentId);
        evidence.set(message.incidentId, [...known, ...message.evidence].slice(-EVIDENCE_MAX));
        const oldest = evidence.keys().next().value;
        if (evidence.size > EVIDENCE_INCIDENTS_MAX && oldest !== undefined) evidence.delete(oldest);
        break;
      }
      case 'counters':
        counters = message.counters;
        break;
    }
  }
  const lines = fresh.length === 0 ? state.lines : [...fresh, ...state.lines].slice(0, LINES_MAX);
  return { incidents: incidents ?? state.incidents, evidence: evidence ?? state.evidence, counters, seq, clock, clockReceivedMs, lines };
}
