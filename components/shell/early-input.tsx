import { EARLY_INPUT } from './early-input-id'

/**
 * Keys and clicks that come before the page's code, as a script of the document rather than of a component: it is there
 * as soon as the fields and buttons are.
 */
export function EarlyInput({ nonce }: { nonce: string | undefined }) {
  const scripts = [keepClicks, keepTyping, leadToFields, pressButtons]
  return (
    <script
      id={EARLY_INPUT}
      nonce={nonce}
      suppressHydrationWarning
      // biome-ignore lint/security/noDangerouslySetInnerHtml: functions of ours, nothing from elsewhere
      dangerouslySetInnerHTML={{ __html: scripts.map((script) => `(${script})()`).join(';') }}
    />
  )
}

// The functions below are sent as text: they can use nothing from outside themselves.

/**
 * A button that is pressed before its code has come is pressed again once it has: until the page is hydrated nothing
 * handles the click, and then React stops it on its way to a part that isn't. Links and forms work without code.
 */
function keepClicks(): void {
  const longest = 30_000
  const interval = 50
  const waiting = new Map<HTMLButtonElement, { readonly until: number; readonly arrived: () => void }>()
  let isHydrated = false
  let timer = 0
  const pressAgain = () => {
    timer = 0
    for (const [button, { until }] of waiting)
      if (button.isConnected && !button.disabled && performance.now() < until) button.click()
      else waiting.delete(button)
    pressLater()
  }
  const pressLater = () => {
    if (isHydrated && waiting.size > 0 && timer === 0) timer = window.setTimeout(pressAgain, interval)
  }
  const keep = ({ target }: Event) => {
    const button =
      target instanceof Element && target.closest<HTMLButtonElement>('button[type=button]:not([popovertarget])')
    if (!button) return
    const entry = waiting.get(button) ?? {
      until: performance.now() + longest,
      arrived: () => waiting.delete(button),
    }
    waiting.set(button, entry)
    if (isHydrated) button.addEventListener('click', entry.arrived, { capture: true, once: true })
    pressLater()
  }
  window.addEventListener('click', keep, true)
  window.addEventListener('hydrated', (event) => {
    // The answer that this script runs.
    event.preventDefault()
    isHydrated = true
    pressAgain()
  })
}

/**
 * What is typed after a key has pressed a button, until the button's code takes it as the button's `typed`: it's meant
 * for the dialog that the button opens. Escape and the pointer end it, and so does a page whose code doesn't come.
 */
function keepTyping(): void {
  const longest = 30_000
  let button: (HTMLElement & { typed?: string }) | undefined
  let until = 0
  window.addEventListener('pressed-by-key', ({ target }) => {
    button = target as HTMLElement
    button.typed ??= ''
    until = performance.now() + longest
  })
  const end = () => {
    delete button?.typed
    button = undefined
  }
  window.addEventListener('pointerdown', end, true)
  window.addEventListener(
    'keydown',
    (event) => {
      if (button?.typed === undefined || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.key === 'Escape' || performance.now() > until) return end()
      if (event.key === 'Backspace') button.typed = button.typed.slice(0, -1)
      else if (event.key.length === 1) button.typed += event.key
      else if (event.key !== 'Enter') return
      event.preventDefault()
    },
    true,
  )
}

/** A key that a field names in `aria-keyshortcuts` leads to it, anywhere but in a field or a dialog. */
function leadToFields(): void {
  document.addEventListener('keydown', (event) => {
    if (event.key.length !== 1 || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return
    const from = event.target as HTMLElement
    if (
      from.isContentEditable ||
      from.closest('input:not([type=checkbox]), textarea, select, [role=dialog], dialog, [role=menu]')
    )
      return
    const field = document.querySelector<HTMLInputElement>(`input[aria-keyshortcuts="${CSS.escape(event.key)}"]`)
    if (!field) return
    event.preventDefault()
    field.focus()
    field.select()
  })
}

/** Ctrl and a key, or ⌘ on a Mac, where Ctrl edits text, presses the button that names them, wherever the focus is. */
function pressButtons(): void {
  const isMac = /^(?:Mac|iPhone|iPad)/.test(navigator.platform)
  document.addEventListener('keydown', (event) => {
    if (event.key.length !== 1 || event.defaultPrevented || event.altKey || event.shiftKey) return
    if (isMac ? !event.metaKey || event.ctrlKey : !event.ctrlKey || event.metaKey) return
    // The server doesn't know which of the two the button should name.
    const button = document.querySelector<HTMLElement>(
      `button[aria-keyshortcuts$="+${CSS.escape(event.key.toUpperCase())}"]`,
    )
    if (!button) return
    event.preventDefault()
    button.dispatchEvent(new Event('pressed-by-key', { bubbles: true }))
    button.click()
  })
}
