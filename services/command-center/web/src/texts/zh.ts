import { county } from './zh/county.ts';
import { dialogs } from './zh/dialogs.ts';
import { incident } from './zh/incident.ts';
import { learning } from './zh/learning.ts';
import { queue } from './zh/queue.ts';
import { shell } from './zh/shell.ts';
import { steering } from './zh/steering.ts';
import { subjects } from './zh/subjects.ts';

/** Every word of the console, Chinese first; one file a group of screens. Each English file has the keys of its Chinese one or does not compile. */
export const zh = { ...shell, ...queue, ...incident, ...dialogs, ...county, ...learning, ...steering, ...subjects };

export type Texts = typeof zh;
