import { eventTable, metricTable } from '@skyeye/telemetry';

export const logEvents = eventTable({
  RequestFailed: { level: 'error', says: 'A request ended with 500; the error is beside it.' },
  RequestRefused: { level: 'debug', says: 'A request was refused for a reason of the caller.' },
  SignInRefused: { level: 'warn', says: 'A sign-in failed or was slowed down. The account is not named.' },
  StreamClientDropped: { level: 'info', says: 'A reader of the live stream was too slow and was closed; it resumes by itself.' },
});

export const metricEntries = metricTable({
  requests: { kind: 'counter', name: 'http_requests_total', says: 'Requests answered.', labels: { class: ['2xx', '3xx', '4xx', '5xx'] } },
  signIns: {
    kind: 'counter',
    name: 'identity_sign_ins_total',
    says: 'Attempts to sign in.',
    labels: { outcome: ['ok', 'wrong', 'slowed', 'busy'] },
  },
  durationMs: {
    kind: 'histogram',
    name: 'http_request_duration_ms',
    says: 'Time from the request to the end of its reply; live streams left out.',
    buckets: [1, 3, 10, 30, 100, 300, 1000, 3000],
  },
  streamClients: { kind: 'gauge', name: 'http_stream_clients_count', says: 'Readers of the live stream.' },
  streamDropped: {
    kind: 'counter',
    name: 'http_stream_clients_dropped_total',
    says: 'Readers of the live stream that were closed.',
    labels: { reason: ['slow', 'limit', 'failed'] },
  },
});

/** Every limit of the HTTP side in one place. Wall time. */
export const HTTP_LIMITS = {
  bodyBytes: 64 * 1024,
  /** Levels of nesting in a body. */
  depth: 12,
  /** From the connection to the end of the headers: a connection that never sends is closed after it. */
  headersMs: 5_000,
  /** From the connection to the end of the request. */
  requestMs: 10_000,
  /** A socket on which nothing moved in either direction; live streams beat every 10 s. */
  idleMs: 60_000,
  keepAliveMs: 20_000,
  checkEveryMs: 1_000,
  connections: 10_000,
  headerBytes: 16 * 1024,
  urlParamChars: 128,
} as const;
