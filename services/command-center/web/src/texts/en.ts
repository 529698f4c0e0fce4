import { county } from './en/county.ts';
import { dialogs } from './en/dialogs.ts';
import { incident } from './en/incident.ts';
import { learning } from './en/learning.ts';
import { queue } from './en/queue.ts';
import { shell } from './en/shell.ts';
import { steering } from './en/steering.ts';
import { subjects } from './en/subjects.ts';
import type { Texts } from './zh.ts';

export const en: Texts = { ...shell, ...queue, ...incident, ...dialogs, ...county, ...learning, ...steering, ...subjects };
