import { STREAM_NAMES, type StreamName } from './source.ts';

/** Every topic: who writes, who reads, what the key is. Partitions are the default; an operator may raise them before first use. */
export interface TopicEntry {
  readonly name: string;
  readonly partitions: number;
  readonly key: string;
  readonly carries: string;
  readonly writtenBy: string;
  readonly readBy: string;
}

export const rawTopic = (stream: StreamName | 'reference'): string => `raw.${stream}`;

export const TOPICS = {
  events: {
    name: 'events',
    partitions: 4,
    key: 'ego account, else ego phone, else person or other ego',
    carries: 'StreamEvent',
    writtenBy: 'ingest',
    readBy: 'scorer',
  },
  reference: {
    name: 'reference',
    partitions: 4,
    key: 'first identifier of the record',
    carries: 'Reference',
    writtenBy: 'ingest',
    readBy: 'scorer, dispatcher',
  },
  quarantine: {
    name: 'quarantine',
    partitions: 1,
    key: 'topic:partition:offset',
    carries: 'QuarantineRecord',
    writtenBy: 'ingest, scorer, dispatcher',
    readBy: 'operators',
  },
  assessments: { name: 'assessments', partitions: 4, key: 'person', carries: 'Assessment', writtenBy: 'scorer', readBy: 'dispatcher' },
  subjects: {
    name: 'subjects',
    partitions: 1,
    key: 'account or number',
    carries: 'SubjectAssessment',
    writtenBy: 'scorer',
    readBy: 'dispatcher',
  },
  feedback: { name: 'feedback', partitions: 1, key: 'person', carries: 'Feedback', writtenBy: 'command-center, field', readBy: 'learning' },
  sourceStatus: {
    name: 'source-status',
    partitions: 1,
    key: 'stream',
    carries: 'SourceStatus',
    writtenBy: 'ingest',
    readBy: 'command-center',
  },
  clock: { name: 'clock', partitions: 1, key: 'county', carries: 'ClockAnchor', writtenBy: 'simulator', readBy: 'every service' },
} as const satisfies Record<string, TopicEntry>;

export const RAW_TOPICS: readonly TopicEntry[] = [...STREAM_NAMES, 'reference' as const].map((stream) => ({
  name: rawTopic(stream),
  partitions: 2,
  key: 'any stable key of the provider',
  carries: stream === 'reference' ? 'RawReference' : `raw record of ${stream}`,
  writtenBy: 'providers',
  readBy: 'ingest',
}));

export const ALL_TOPICS: readonly TopicEntry[] = [...RAW_TOPICS, ...Object.values(TOPICS)];

/** Hard limit of one message on any topic, bytes. */
export const MESSAGE_MAX_BYTES = 1_000_000;
