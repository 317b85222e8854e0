/**
 * A key that a field names in `aria-keyshortcuts` leads to it, anywhere but in a field or a dialog. A script of the
 * document rather than of a component: it is there as soon as the field is, so that no key is lost while the page's
 * code is on its way.
 */
export function FieldKeys({ nonce }: { nonce: string | undefined }) {
  return (
    // biome-ignore lint/security/noDangerouslySetInnerHtml: a function of ours, nothing from elsewhere
    <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: `(${leadToFields})()` }} />
  )
}

/** Sent as text: it can use nothing from outside itself. */
function leadToFields(): void {
  document.addEventListener('keydown', (event) => {
    if (event.key.length !== 1 || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return
    const from = event.target as HTMLElement
    if (from.isContentEditable || from.closest('input, textarea, select, [role=dialog], dialog, [role=menu]')) return
    const field = document.querySelector<HTMLInputElement>(`input[aria-keyshortcuts="${CSS.escape(event.key)}"]`)
    if (!field) return
    event.preventDefault()
    field.focus()
    field.select()
  })
}
