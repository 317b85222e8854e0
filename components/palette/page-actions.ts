/** Something that the page offers, by what its control says: `Retag 1.4.2…`. */
export interface PageAction {
  readonly label: string
  readonly run: () => void
}

/**
 * What the page at hand offers: every control marked `data-palette`, in the page's order. The control does the work, so
 * that an action is there exactly when its button is.
 */
export function pageActions(): PageAction[] {
  return [...document.querySelectorAll<HTMLElement>('[data-palette]')].map((control) => ({
    label: control.dataset.palette ?? '',
    run: () => control.click(),
  }))
}
