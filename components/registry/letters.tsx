import { Link } from '@/components/ui/link'

const ALL = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '#']

interface LettersProps {
  /** The page where each letter begins. */
  letters: Readonly<Record<string, number>>
  page: number
  hrefOf: (page: number) => string
}

/** Jumps to where a letter begins in a list that is sorted by name. */
export function Letters({ letters, page, hrefOf }: LettersProps) {
  return (
    <nav aria-label="Jump to a letter" className="mb-3 flex flex-wrap gap-0.5 text-xs">
      {ALL.map((letter) => {
        const to = letters[letter]
        return to === undefined ? (
          <span key={letter} aria-hidden className="grid size-7 place-items-center text-faint opacity-50">
            {letter}
          </span>
        ) : (
          <Link
            key={letter}
            href={`${hrefOf(to)}#letter-${letter === '#' ? 'other' : letter}`}
            aria-label={letter === '#' ? 'Other characters' : letter}
            aria-current={to === page ? 'page' : undefined}
            className="grid size-7 place-items-center rounded-md font-medium hover:bg-sunken aria-[current=page]:text-accent"
          >
            {letter}
          </Link>
        )
      })}
    </nav>
  )
}
