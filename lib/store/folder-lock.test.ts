import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openFolderLock } from './folder-lock.ts'

let folder = ''
const children: ChildProcess[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lading-lock-'))
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await rm(folder, { recursive: true })
})

async function holder(): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'testing', 'hold-lock.ts'), folder])
  children.push(child)
  const [data] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, said: data.toString().trim() }
}

it('belongs to one process, and to the next one when that is killed', async () => {
  const { child, said } = await holder()
  expect(said).toBe('held')
  expect((await holder()).said).toBe('waiting')
  const lock = openFolderLock(folder, { tryEvery: 10 })
  expect(lock.held).toBe(false)
  for (const other of children.splice(1)) other.kill('SIGKILL')
  const taken = new Promise<void>((resolve) => lock.whenHeld(resolve))
  child.kill('SIGKILL')
  await taken
  expect(lock.held).toBe(true)
  expect((await holder()).said).toBe('waiting')
  lock.release()
})

it('is not lost by a process that is stopped for a while', async () => {
  const { child } = await holder()
  child.kill('SIGSTOP')
  const lock = openFolderLock(folder, { tryEvery: 10 })
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(lock.held).toBe(false)
  child.kill('SIGCONT')
  lock.release()
})

it('is free again once it was released', async () => {
  const first = openFolderLock(folder)
  expect(first.held).toBe(true)
  first.release()
  expect(first.held).toBe(false)
  const second = openFolderLock(folder)
  expect(second.held).toBe(true)
  second.release()
})
