/**
 * What a thread with a connection of its own runs. `node:sqlite` is synchronous: in a thread it blocks nothing else,
 * and a commit may wait for the disk. It is text, so that it needs no file beside a bundle. Messages: `{ id, sql,
 * parameters }` or `{ id, script }`; answers: `{ id, rows, changes }` or `{ id, error }`.
 */
export const WORKER_SOURCE = `
const GIVES_WAY = 5
const { parentPort, workerData } = require('node:worker_threads')
const { DatabaseSync } = require('node:sqlite')
// On Linux a priority is of the thread that asks for it; elsewhere it would be of the whole process.
if (workerData.givesWay && process.platform === 'linux')
  try {
    require('node:os').setPriority(GIVES_WAY)
  } catch {
    // Not allowed here.
  }
const KEPT = 200
const statements = new Map()
let database
function open() {
  database = new DatabaseSync(workerData.file, { readOnly: workerData.readOnly, timeout: workerData.timeout })
  for (const pragma of workerData.pragmas) database.exec('pragma ' + pragma)
}
function prepared(sql) {
  let statement = statements.get(sql)
  if (!statement) {
    if (statements.size >= KEPT) statements.delete(statements.keys().next().value)
    statement = database.prepare(sql)
    statements.set(sql, statement)
  }
  return statement
}
function answer({ id, sql, parameters, script }) {
  if (!database) open()
  if (script !== undefined) {
    database.exec(script)
    return { id, rows: [], changes: 0 }
  }
  const statement = prepared(sql)
  if (statement.columns().length > 0) return { id, rows: statement.all(...parameters), changes: 0 }
  return { id, rows: [], changes: Number(statement.run(...parameters).changes) }
}
parentPort.on('message', (message) => {
  if (message === 'close') {
    if (database) database.close()
    parentPort.close()
    return
  }
  try {
    parentPort.postMessage(answer(message))
  } catch (error) {
    parentPort.postMessage({ id: message.id, error: { message: String(error.message), errcode: error.errcode ?? 0 } })
  }
})
`
