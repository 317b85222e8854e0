/** Freezes an object and every plain object and array inside it, up to bytes and maps, which cannot be frozen. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || value instanceof Map) return value
  for (const inner of Object.values(value)) deepFreeze(inner)
  return Object.freeze(value)
}
