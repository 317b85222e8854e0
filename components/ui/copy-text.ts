/**
 * Puts text on the clipboard; false when the browser refuses. The clipboard API exists only on https and localhost,
 * so plain http selects a hidden field and asks for the old copy command.
 */
export async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text)
      return true
    } catch {
      // Denied by a permission: the other way may still work.
    }
  }
  const field = document.createElement('textarea')
  field.value = text
  field.style.cssText = 'position:fixed;inset:0 auto auto 0;opacity:0'
  // Inside a modal dialog only its descendants can be focused.
  const host = document.activeElement?.closest('[role=dialog]') ?? document.body
  const focused = document.activeElement
  host.append(field)
  field.select()
  try {
    return document.execCommand('copy')
  } finally {
    field.remove()
    if (focused instanceof HTMLElement) focused.focus()
  }
}
