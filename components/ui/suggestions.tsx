import { Autocomplete } from '@base-ui/react/autocomplete'
import { cn } from './cn'

interface SuggestionsProps {
  label: string
  /** For an item: `mono`. */
  className?: string
  onChoose?: (text: string) => void
}

/** The texts that an `Autocomplete.Root` suggests, below its field. */
export function Suggestions({ label, className, onChoose }: SuggestionsProps) {
  return (
    <Autocomplete.Portal>
      <Autocomplete.Positioner sideOffset={4} className="z-60 outline-none">
        <Autocomplete.Popup className="w-(--anchor-width) max-w-(--available-width) rounded-lg border bg-raised text-ink shadow-(--shadow)">
          <Autocomplete.List
            aria-label={label}
            className="max-h-[min(20rem,var(--available-height))] overflow-y-auto p-1"
          >
            {(text: string) => (
              <Autocomplete.Item
                key={text}
                value={text}
                onClick={() => onChoose?.(text)}
                className={cn(
                  'cursor-pointer truncate rounded-md px-2 py-1.5 text-sm outline-none data-highlighted:bg-accent-soft data-highlighted:text-accent',
                  className,
                )}
              >
                {text}
              </Autocomplete.Item>
            )}
          </Autocomplete.List>
        </Autocomplete.Popup>
      </Autocomplete.Positioner>
    </Autocomplete.Portal>
  )
}
