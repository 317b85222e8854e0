import { type HierarchyRectangularNode, hierarchy, treemap } from 'd3-hierarchy'
import { cn } from '@/components/ui/cn'
import type { StorageArea } from '@/lib/data/storage/storage-map'
import { formatBytes } from '@/lib/format/bytes'
import { basePath } from '@/lib/routes/base-path'

/** Its height in pixels, and a width near that of the screen: names above their parts keep their height. */
const HEIGHT = 560
const WIDTH = 680
const NAME = 26
/** Pixels that a finger or a shaky hand needs (WCAG 2.2, 2.5.8); on a phone areas are half as wide. */
const TARGET = 24

interface StorageMapProps {
  areas: readonly StorageArea[]
  /** What the map is of, for screen readers. */
  name: string
  hrefOf: (place: string) => string
}

interface Item {
  readonly area?: StorageArea
  readonly children?: readonly Item[]
}

type Cell = HierarchyRectangularNode<Item>

/**
 * Areas in proportion to their bytes, laid out here so that nothing has to run in a browser. The table beside it has
 * the same numbers.
 */
export function StorageMap({ areas, name, hrefOf }: StorageMapProps) {
  const itemOf = (area: StorageArea): Item => ({ area, ...(area.parts && { children: area.parts.map(itemOf) }) })
  const sized = hierarchy<Item>({ children: areas.map(itemOf) }).sum(({ area, children }) =>
    children ? 0 : (area?.bytes ?? 0),
  )
  const layout = treemap<Item>()
    .size([WIDTH, HEIGHT])
    .paddingOuter(3)
    .paddingInner(3)
    .paddingTop((node) => (node.depth > 0 && node.children ? NAME : 3))
  const root = layout(sized.sort((a, b) => rankOf(a.data) - rankOf(b.data) || (b.value ?? 0) - (a.value ?? 0)))
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset can't be in a drawing
    <svg role="group" aria-label={name} className="storage-map w-full" style={{ height: HEIGHT }}>
      <defs>
        <pattern id="shared" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="6" height="6" className="fill-surface" />
          <rect width="2" height="6" className="fill-line-strong" opacity="0.55" />
        </pattern>
      </defs>
      {root
        .descendants()
        .map(
          (cell) =>
            cell.data.area && (
              <AreaCell
                key={`${cell.depth} ${cell.x0} ${cell.y0}`}
                cell={cell}
                area={cell.data.area}
                hrefOf={hrefOf}
                isSmall={cell.x1 - cell.x0 < 2 * TARGET || cell.y1 - cell.y0 < TARGET}
              />
            ),
        )}
    </svg>
  )
}

/** Shared and small areas come last, so that they don't move the others. */
function rankOf({ area }: Item): number {
  return area?.kind === 'shared' ? 2 : area?.kind === 'others' ? 1 : 0
}

const FILLS: Readonly<Record<StorageArea['kind'], string>> = {
  namespace: 'storage-cell',
  repository: 'storage-cell',
  shared: 'fill-[url(#shared)] stroke-line',
  others: 'storage-ground',
}

interface AreaCellProps {
  cell: Cell
  area: StorageArea
  hrefOf: (place: string) => string
  /** Too small for its name, and for a link: the table has both. */
  isSmall: boolean
}

function AreaCell({ cell: { x0, y0, x1, y1, depth, children }, area, hrefOf, isSmall }: AreaCellProps) {
  const { kind, name, place, bytes } = area
  const shown = kind === 'namespace' ? `${name}/` : name
  const label = `${kind === 'shared' ? 'Shared between several' : shown}, ${formatBytes(bytes)}`
  const hasRoom = y1 - y0 > 42
  const frame = {
    x: `${(100 * x0) / WIDTH}%`,
    y: y0,
    width: `${(100 * (x1 - x0)) / WIDTH}%`,
    height: y1 - y0,
  }
  const content = (
    <>
      <title>{label}</title>
      <rect width="100%" height="100%" rx="3" className={children ? 'storage-ground' : FILLS[kind]} />
      {!isSmall && (
        <foreignObject
          aria-hidden
          width="100%"
          height="100%"
          className={depth > 1 ? 'storage-label pointer-events-none' : 'pointer-events-none'}
        >
          <p
            className={cn(
              'm-1 w-fit max-w-[calc(100%-0.5rem)] truncate rounded px-1 text-2xs leading-4 font-medium',
              kind === 'shared' && 'bg-surface',
            )}
          >
            {shown}
            {(children || hasRoom) && (
              <span className={cn('font-normal text-muted', !children && 'block')}> {formatBytes(bytes)}</span>
            )}
          </p>
        </foreignObject>
      )}
    </>
  )
  return (
    <svg {...frame} overflow="hidden" role="presentation">
      {place === undefined || isSmall ? (
        content
      ) : (
        <a href={basePath + hrefOf(place)} aria-label={label}>
          {content}
        </a>
      )}
    </svg>
  )
}
