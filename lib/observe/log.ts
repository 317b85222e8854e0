import pino from 'pino'
import { processWide } from '../config/process-wide.ts'
import { currentRequestId } from './request-id.ts'
import { safeText } from './safe-text.ts'

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** Structured, one JSON object a line, unless a person reads along at a terminal. */
export function log(): pino.Logger {
  return processWide('log', () => createLog())
}

/** @param write takes each line; default: standard output */
export function createLog(
  level = process.env.LOG_LEVEL?.trim().toLowerCase() || 'info',
  write: (line: string) => void = (line) => void process.stdout.write(line),
  isTerminal = process.stdout.isTTY === true,
): pino.Logger {
  const options: pino.LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    mixin: () => {
      const request = currentRequestId()
      return request === undefined ? {} : { request }
    },
  }
  return pino(options, { write: (line) => write(isTerminal ? forTerminal(line) : `${safeText(line.trimEnd())}\n`) })
}

function forTerminal(line: string): string {
  const { level, time, msg = '', ...rest } = JSON.parse(line) as Record<string, unknown>
  const { stack, ...fields } = rest
  const more = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  const text = [String(time).slice(11, 19), String(level).toUpperCase(), msg, ...more].join(' ')
  return `${safeText(text)}\n${typeof stack === 'string' ? `${safeText(stack, true)}\n` : ''}`
}
