import { eventTable } from '@skyeye/telemetry';

export const logEvents = eventTable({
  FieldServiceStarted: { level: 'info', says: 'The live stream of tasks runs.' },
});
