DROP TABLE team_events;
DROP TABLE team_event_counters;
