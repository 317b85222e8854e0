import { cn } from '@/components/ui/cn'
import type { DeletionPreviewView } from '@/lib/data/changes/preview-deletion'
import type { DeletionScope } from '@/lib/problem/change-problem'

interface ScopeChoiceProps {
  scope: DeletionScope
  onChange: (scope: DeletionScope) => void
  preview: DeletionPreviewView
  tag: string
}

/** Only the tag, or the image with all its tags: a difference that other tools hide. */
export function ScopeChoice({ scope, onChange, preview, tag }: ScopeChoiceProps) {
  const others = preview.tagsOnDigest.filter((other) => other !== tag).length
  const choices = [
    {
      value: 'tag',
      title: `Only the tag ${tag}`,
      text: keptText(others),
    },
    {
      value: 'image',
      title: 'The image',
      text: `Deletes it together with ${tagsText(preview.tagsOnDigest.length)}.`,
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

function tagsText(count: number): string {
  if (count === 1) return 'its tag'
  return count === 2 ? 'both of its tags' : `all ${count} of its tags`
}

function keptText(others: number): string {
  if (others === 0) return 'It’s the last tag: the image stays, untagged. To delete that too, choose “The image”.'
  return others === 1 ? 'Keeps the image and its other tag.' : `Keeps the image and its ${others} other tags.`
}
