import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type DockerRegistry, startDockerRegistry } from '../../lib/testing/servers/docker-registry.ts'
import { pushBigImage } from './big-image.ts'
import { doOnce } from './do-once.ts'
import { buildTools, type ToolName } from './go-tools.ts'
import type { Row } from './table.ts'

const run = promisify(execFile)
const RUNS = 5
const BIG = 'tools/image'
const SMALL = 'tools/small'

/**
 * Each work by us and by other tools, in turn, and the least time of each. Theirs counts from the start of the program,
 * which takes them some milliseconds; ours without it, as the server has been started long before.
 */
export async function toolRows(): Promise<Row[]> {
  const tools = await buildTools()
  await using source = await startDockerRegistry()
  await pushBigImage(source.url, BIG, { layers: 4, mebibytes: 50 })
  await pushBigImage(source.url, SMALL, { layers: 4, mebibytes: 2 })
  const folder = await mkdtemp(join(tmpdir(), 'lading-tools-'))
  try {
    const rows: Row[] = []
    for (const work of worksOf(source, folder)) rows.push(...(await compareTools(work, tools)))
    return rows
  } finally {
    await rm(folder, { recursive: true })
  }
}

interface Work {
  readonly name: string
  readonly ours: (target: DockerRegistry, run: string) => readonly string[]
  readonly commands: Partial<Record<ToolName, (target: DockerRegistry, run: string) => readonly string[]>>
  /** How many times as long as each tool we may take; and as much of the processor, where the tool hashes as we do. */
  readonly factors: Partial<Record<ToolName, number>>
  readonly processorFactors?: Partial<Record<ToolName, number>>
}

function worksOf(source: DockerRegistry, folder: string): Work[] {
  const image = `${source.host}/${BIG}:1`
  const file = (run: string) => join(folder, `${run}.tar`)
  return [
    {
      name: 'copy of 200 MB to another registry',
      ours: ({ url }, run) => ['copy', source.url, `${BIG}:1`, url, `by/${run}:1`],
      commands: {
        crane: ({ host }, run) => ['copy', '--insecure', image, `${host}/by/${run}:1`],
        oras: ({ host }, run) => ['copy', '--from-plain-http', '--to-plain-http', image, `${host}/by/${run}:1`],
        regctl: ({ host }, run) => [...plain(source, host), 'image', 'copy', image, `${host}/by/${run}:1`],
      },
      factors: { crane: 1.1, oras: 1.25, regctl: 1.1 },
      processorFactors: { crane: 1.5 },
    },
    {
      name: 'copy of 200 MB within a registry',
      ours: (_, run) => ['copy', source.url, `${BIG}:1`, source.url, `by/${run}:1`],
      commands: {
        crane: (_, run) => ['copy', '--insecure', image, `${source.host}/by/${run}:1`],
        regctl: (_, run) => [...plain(source), 'image', 'copy', image, `${source.host}/by/${run}:1`],
      },
      factors: { crane: 1.1, regctl: 1.1 },
    },
    {
      name: 'archive of 200 MB',
      ours: (_, run) => ['archive', source.url, `${BIG}:1`, file(run)],
      commands: {
        crane: (_, run) => ['pull', '--insecure', image, file(run)],
        regctl: (_, run) => [...plain(source), 'image', 'export', image, file(run)],
      },
      factors: { crane: 1.1, regctl: 1.1 },
    },
    {
      name: 'metadata of one image',
      ours: () => ['inspect', source.url, `${BIG}:1`],
      commands: {
        crane: () => ['config', '--insecure', image],
        regctl: () => [...plain(source), 'image', 'config', image],
      },
      factors: { crane: 1.1, regctl: 1.1 },
    },
  ]
}

function plain(...hosts: readonly (DockerRegistry | string)[]): string[] {
  return hosts.flatMap((host) => ['--host', `reg=${typeof host === 'string' ? host : host.host},tls=disabled`])
}

interface Times {
  readonly ms: number[]
  readonly processorMs: number[]
}

async function compareTools(work: Work, programs: Partial<Record<ToolName, string>>): Promise<Row[]> {
  const names = (Object.keys(work.commands) as ToolName[]).filter((name) => programs[name])
  const times: Partial<Record<ToolName | 'lading', Times>> = {}
  const all = ['lading', ...names] as const
  for (let round = 0; round <= RUNS; round++) {
    // Nobody is always the first, and each finds an empty registry.
    for (const name of all.map((_, at) => all[(at + round) % all.length] ?? 'lading')) {
      await using target = await startDockerRegistry()
      const own = `${name}-${round}-${work.name.length}`
      const spent =
        name === 'lading'
          ? await doOnce('--warm', `${SMALL}:1`, ...work.ours(target, own))
          : await spend([programs[name] ?? '', ...(work.commands[name]?.(target, own) ?? [])])
      times[name] ??= { ms: [], processorMs: [] }
      // The first run warms up.
      if (round > 0) for (const kind of ['ms', 'processorMs'] as const) times[name]?.[kind].push(spent[kind])
    }
  }
  const least = (name: ToolName | 'lading', kind: keyof Times) => Math.min(...(times[name]?.[kind] ?? []))
  const row = (name: ToolName, kind: keyof Times, factor: number | undefined): Row[] => {
    if (factor === undefined) return []
    const what = kind === 'ms' ? 'time' : 'processor time'
    const [value, limit] = [least('lading', kind), least(name, kind)]
    const target = { kind: 'ratio', factor } as const
    return [{ name: `tools: ${work.name}, ${what}, against ${name}`, value, unit: 'ms', limit, target }]
  }
  return names.flatMap((name) => [
    ...row(name, 'ms', work.factors[name]),
    ...row(name, 'processorMs', work.processorFactors?.[name]),
  ])
}

/** Runs a program; its own time in the processor is told by the shell. */
async function spend(command: readonly string[]): Promise<{ ms: number; processorMs: number }> {
  const started = performance.now()
  const { stderr } = await run('/bin/bash', ['-c', 'TIMEFORMAT="%U %S"; time "$@"', 'bash', ...command])
  const ms = performance.now() - started
  const [user = Number.NaN, system = Number.NaN] = stderr.trim().split(/\s+/).slice(-2).map(Number)
  return { ms, processorMs: 1_000 * (user + system) }
}
