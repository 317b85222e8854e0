import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { processWide } from '../config/process-wide.ts'

/** What Prometheus reads at /metrics. One set per process. */
export function metrics() {
  return processWide('metrics', createMetrics)
}

function createMetrics() {
  const registry = new Registry()
  const registers = [registry]
  // Memory, processor time, garbage collection and event-loop lag.
  collectDefaultMetrics({ register: registry })
  return {
    registry,
    requests: new Histogram({
      name: 'lading_http_request_duration_seconds',
      help: 'Requests to Lading, until the last byte of the response or the client disconnected.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 10, 60],
      registers,
    }),
    underWay: new Gauge({
      name: 'lading_http_requests_in_progress',
      help: 'Requests to Lading that don’t have a complete response yet.',
      registers,
    }),
    upstream: new Counter({
      name: 'lading_registry_requests_total',
      help: 'Requests to registries and their token servers, by host and by status or error code.',
      labelNames: ['host', 'outcome'],
      registers,
    }),
    cacheReads: new Counter({
      name: 'lading_content_cache_reads_total',
      help: 'Look-ups in the cache of content addressed by digest.',
      labelNames: ['outcome'],
      registers,
    }),
    cacheBytes: new Gauge({
      name: 'lading_content_cache_bytes',
      help: 'Bytes held in the cache of content addressed by digest.',
      registers,
    }),
    jobs: new Gauge({
      name: 'lading_jobs',
      help: 'Jobs on record, by kind and state.',
      labelNames: ['kind', 'state'],
      registers,
    }),
  }
}
