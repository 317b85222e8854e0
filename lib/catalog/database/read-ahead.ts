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
