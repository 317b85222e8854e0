import { CompiledQuery, type DatabaseConnection, type Dialect, type Driver, type TransactionSettings } from 'kysely'
import { currentFence, type Fence } from './fence.ts'
import { LeaseError } from './lease-error.ts'

/**
 * Statements that check first, in the same transaction, that the lease they are made under is still held. A process
 * that was stopped for a while, and wakes when another has taken over, writes nothing any more.
 * @param check a statement with the name and the number as its parameters, which gives a row while the lease is held
 *   and keeps it from being taken until the transaction ends
 */
export function fencedDialect(dialect: Dialect, check: string): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createDriver: () => new FencedDriver(dialect.createDriver(), check),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
  }
}

class FencedDriver implements Driver {
  readonly #inner: Driver
  readonly #check: string

  constructor(inner: Driver, check: string) {
    this.#inner = inner
    this.#check = check
  }

  init(...options: Parameters<Driver['init']>): Promise<void> {
    return this.#inner.init(...options)
  }
  destroy(...options: Parameters<Driver['destroy']>): Promise<void> {
    return this.#inner.destroy(...options)
  }

  async acquireConnection(...options: Parameters<Driver['acquireConnection']>): Promise<DatabaseConnection> {
    return new FencedConnection(await this.#inner.acquireConnection(...options), this)
  }
  releaseConnection(connection: DatabaseConnection): Promise<void> {
    return this.#inner.releaseConnection(innerOf(connection))
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    const fenced = connection as FencedConnection
    await this.begin(fenced.inner, settings)
    fenced.isInTransaction = true
  }
  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await this.#inner.commitTransaction(innerOf(connection))
    ;(connection as FencedConnection).isInTransaction = false
  }
  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    ;(connection as FencedConnection).isInTransaction = false
    await this.#inner.rollbackTransaction(innerOf(connection))
  }

  async begin(inner: DatabaseConnection, settings: TransactionSettings = {}): Promise<void> {
    await this.#inner.beginTransaction(inner, settings)
    const fence = currentFence()
    if (fence) await this.#assertHeld(inner, fence)
  }

  /** One statement in a transaction of its own. */
  async run<T>(inner: DatabaseConnection, work: () => Promise<T>): Promise<T> {
    await this.begin(inner)
    try {
      const result = await work()
      await this.#inner.commitTransaction(inner)
      return result
    } catch (error) {
      await this.#inner.rollbackTransaction(inner).catch(() => {})
      throw error
    }
  }

  async #assertHeld(inner: DatabaseConnection, { name, fence }: Fence): Promise<void> {
    let isHeld = false
    try {
      const { rows } = await inner.executeQuery(CompiledQuery.raw(this.#check, [name, fence]))
      isHeld = rows.length > 0
    } catch (error) {
      await this.#inner.rollbackTransaction(inner).catch(() => {})
      throw error
    }
    if (isHeld) return
    await this.#inner.rollbackTransaction(inner).catch(() => {})
    throw new LeaseError(name)
  }
}

class FencedConnection implements DatabaseConnection {
  readonly inner: DatabaseConnection
  readonly #driver: FencedDriver
  isInTransaction = false

  constructor(inner: DatabaseConnection, driver: FencedDriver) {
    this.inner = inner
    this.#driver = driver
  }

  executeQuery: DatabaseConnection['executeQuery'] = (...query) => {
    if (this.isInTransaction || !currentFence()) return this.inner.executeQuery(...query)
    return this.#driver.run(this.inner, () => this.inner.executeQuery(...query))
  }

  streamQuery: DatabaseConnection['streamQuery'] = (...query) => this.inner.streamQuery(...query)
}

function innerOf(connection: DatabaseConnection): DatabaseConnection {
  return (connection as FencedConnection).inner
}
