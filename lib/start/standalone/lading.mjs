// Starts the standalone build: `node lading.mjs`, or runs one of its programs: `node lading.mjs backup /backups/monday`.
// Plain JavaScript, so that an old Node gets as far as the message.
import { resolve } from 'node:path'

const [major] = process.versions.node.split('.')
if (Number(major) < 24) {
  console.error(`Lading cannot start. It needs Node 24 or later, and this is Node ${process.versions.node}.`)
  process.exit(1)
}
const [node, , program, ...args] = process.argv
if (program === undefined) {
  // Next listens on HOSTNAME, which container engines set to the container's name.
  process.env.HOSTNAME = process.env.HOST?.trim() || '127.0.0.1'
  process.env.PORT = process.env.PORT?.trim() || '3000'
  await import('./server.js')
} else {
  const { default: programs } = await import('./programs.json', { with: { type: 'json' } })
  if (!Object.hasOwn(programs, program)) {
    console.error(`There is no program ${program}. There are ${Object.keys(programs).sort().join(', ')}.`)
    process.exit(1)
  }
  const file = programs[program]
  process.argv = [node, file, ...(program === 'set-password' ? args : args.map((path) => resolve(path)))]
  process.chdir(import.meta.dirname)
  await import(`./${file}`)
}
