/** States of a broker's alarms by their places in their machine, for who does without the machine itself. */
export const ALARM_STATES = ['clear', 'disk', 'memory', 'both'] as const;
export type AlarmState = (typeof ALARM_STATES)[number];
