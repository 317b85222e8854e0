/** An outcome that needs no closing. */
export interface ToastMessage {
  readonly title: string
  readonly description?: string
  readonly tone: 'good' | 'danger'
  readonly action?: { readonly label: string; readonly run: () => void }
}

type Listener = (message: ToastMessage) => void

let listener: Listener | undefined
let waiting: ToastMessage[] = []
const WANTED = 'lading:toast'

/** Shows an outcome in the corner of the page, also after it has changed to another one. */
export function showToast(message: ToastMessage): void {
  if (listener) listener(message)
  else {
    waiting.push(message)
    window.dispatchEvent(new Event(WANTED))
  }
}

/** Called once something is to be shown that nothing listens to yet. */
export function onToastWanted(wake: () => void): () => void {
  window.addEventListener(WANTED, wake)
  return () => window.removeEventListener(WANTED, wake)
}

export function listenToToasts(listen: Listener): () => void {
  listener = listen
  for (const message of waiting) listen(message)
  waiting = []
  return () => {
    listener = undefined
  }
}
