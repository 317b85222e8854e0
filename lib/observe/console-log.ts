import { format } from 'node:util'
import { log } from './log.ts'

/** Sends everything that goes to the console, ours or a library's, through the log. */
export function logConsole(): void {
  for (const [method, level] of METHODS) console[method] = (...args: unknown[]) => write(level, args)
}

const METHODS = [
  ['debug', 'debug'],
  ['log', 'info'],
  ['info', 'info'],
  ['warn', 'warn'],
  ['error', 'error'],
] as const

function write(level: (typeof METHODS)[number][1], args: readonly unknown[]): void {
  const error = args.find((arg) => arg instanceof Error)
  const words = args.filter((arg) => arg !== error)
  const message = words.length > 0 ? format(...words) : (error?.message ?? '')
  log()[level](error ? { error: error.message, stack: stackOf(error) } : {}, message)
}

function stackOf(error: Error): string {
  const stack = error.stack ?? String(error)
  return error.cause instanceof Error ? `${stack}\nCaused by ${stackOf(error.cause)}` : stack
}
