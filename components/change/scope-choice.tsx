import { cn } from '@/components/ui/cn'
import type { DeletionPreviewView } from '@/lib/data/changes/preview-deletion'
import type { Scope } from './block-reason'

interface ScopeChoiceProps {
  scope: Scope
  onChange: (scope: Scope) => void
  preview: DeletionPreviewView
  tag: string
}

/** Only the tag, or the image with all its tags: the difference that other tools hide. */
export function ScopeChoice({ scope, onChange, preview, tag }: ScopeChoiceProps) {
  const others = preview.tagsOnDigest.filter((other) => other !== tag).length
  const choices = [
    {
      value: 'tag',
      title: `Only the tag ${tag}`,
      text:
        others > 0
          ? `The other ${others === 1 ? 'tag on this image stays' : `${others} tags on this image stay`}.`
          : 'The image stays in the registry under its digest.',
    },
    {
      value: 'image',
      title: 'The image',
      text: `${preview.tagsOnDigest.length === 1 ? 'Its tag goes' : `All ${preview.tagsOnDigest.length} tags go`} with it.`,
    },
  ] as const
  return (
    <fieldset className="grid gap-2 sm:grid-cols-2">
      <legend className="sr-only">What to delete</legend>
      {choices.map((choice) => (
        <label
          key={choice.value}
          className={cn(
            'flex cursor-pointer items-start gap-2.5 rounded-lg border px-3 py-2.5 text-sm',
            scope === choice.value ? 'border-accent bg-accent-soft/50' : 'hover:bg-sunken',
          )}
        >
          <input
            type="radio"
            name="scope"
            value={choice.value}
            checked={scope === choice.value}
            onChange={() => onChange(choice.value)}
            className="mt-0.5 size-4"
          />
          <span className="min-w-0">
            <span className="block font-medium break-words">{choice.title}</span>
            <span className="text-xs text-muted">{choice.text}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}
