-- Where the request that was accepted stands in its trace.
ALTER TABLE jobs ADD COLUMN trace_parent TEXT;
