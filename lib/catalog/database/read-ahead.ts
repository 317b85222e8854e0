/** The same items, each next one read while the one before is used. An error comes in its turn. */
export async function* readAhead<T>(items: AsyncIterable<T>): AsyncGenerator<T, void> {
  const iterator = items[Symbol.asyncIterator]()
  const next = () => {
    const reading = iterator.next()
    // Nobody may be waiting for it any more.
    reading.catch(() => {})
    return reading
  }
  let reading = next()
  try {
    for (;;) {
      const { done, value } = await reading
      if (done) return
      reading = next()
      yield value
    }
  } finally {
    await iterator.return?.()
  }
}

/** What is read for each item, in their order: as many at once, the first of them while the one before is used. */
export async function* mapAhead<T, R>(
  items: AsyncIterable<T>,
  atOnce: number,
  read: (item: T) => Promise<R>,
): AsyncGenerator<R, void> {
  const reading: Promise<R>[] = []
  for await (const item of items) {
    const next = read(item)
    // Nobody may be waiting for it any more.
    next.catch(() => {})
    reading.push(next)
    if (reading.length >= atOnce) yield reading.shift() as Promise<R>
  }
  yield* reading
}
