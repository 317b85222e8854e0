import { Badge } from '@/components/ui/badge'
import { Bytes } from '@/components/ui/bytes'
import { Digest } from '@/components/ui/digest'
import type { DeletionPreviewView } from '@/lib/data/changes/preview-deletion'
import { plural } from '@/lib/format/bytes'
import { shortDigest } from '@/lib/format/digest'
import type { Place } from '@/lib/oci/place'
import type { DeletionScope } from '@/lib/problem/change-problem'
import { manifestHref } from '@/lib/routes/href'

interface BlastRadiusProps {
  preview: DeletionPreviewView
  scope: DeletionScope
  selector: string
  place: Place
}

/** Everything that's deleted, and everything that's kept but affected. */
export function BlastRadius({ preview, scope, selector, place }: BlastRadiusProps) {
  const deleted = scope === 'image' ? preview.tagsOnDigest : [selector]
  const kept = preview.tagsOnDigest.filter((tag) => !deleted.includes(tag))
  // BuildKit lists attestations as children for unknown/unknown.
  const platforms = preview.children.filter(({ platform }) => platform !== 'unknown/unknown')
  const attestations = preview.children.length - platforms.length
  return (
    <dl className="divide-y rounded-lg border text-sm">
      <Row label="Digest">
        <Digest digest={preview.digest} swatch href={manifestHref(place, preview.digest)} copy={false} />
        {scope === 'tag' && <span className="text-muted">kept; can still be pulled by digest</span>}
      </Row>
      <Row label={deleted.length === 1 ? 'Tag to delete' : 'Tags to delete'}>
        {deleted.length === 0 ? (
          <span className="text-muted">none: no tag points at this image</span>
        ) : (
          <TagList tags={deleted} tone="danger" />
        )}
      </Row>
      {scope === 'tag' && (
        <Row label="Tags kept">
          {kept.length === 0 ? (
            <span className="text-muted">none: this is the image’s last tag</span>
          ) : (
            <TagList tags={kept} tone="good" />
          )}
        </Row>
      )}
      {preview.indexes.length > 0 && (
        <Row label="Part of">
          <ul className="min-w-0 space-y-1">
            {preview.indexes.map((index) => (
              <li key={index.digest} className="flex flex-wrap items-center gap-x-2 gap-y-1">
                <Digest digest={index.digest} swatch copy={false} />
                <TagList tags={index.tags} tone={scope === 'image' ? 'danger' : 'good'} />
              </li>
            ))}
          </ul>
          <span className="text-muted">
            {scope === 'tag' ? 'not affected' : 'incomplete afterwards: pulling this platform will fail'}
          </span>
        </Row>
      )}
      {preview.children.length > 0 && (
        <Row label="Platforms">
          <TagList tags={platforms.map((child) => child.platform ?? shortDigest(child.digest))} tone="neutral" />
          {attestations > 0 && <span className="text-muted">and {plural(attestations, 'attestation')}</span>}
          {scope === 'image' && <span className="text-muted">left untagged; some registries remove them too</span>}
        </Row>
      )}
      {preview.referrers > 0 && (
        <Row label="Referrers">
          <span>
            {plural(preview.referrers, 'signature, attestation or SBOM', 'signatures, attestations and SBOMs')}
          </span>
          <span className="text-muted">
            {scope === 'image' ? 'will refer to a deleted image' : 'kept with the digest'}
          </span>
        </Row>
      )}
      {scope === 'image' && preview.uniqueBytes !== undefined && (
        <Row label="Unique content">
          <Bytes bytes={preview.uniqueBytes} />
          <span className="text-muted">
            compressed, not used elsewhere in this repository
            {preview.unneededBlobs ? '' : '; freed when the registry collects garbage'}
          </span>
        </Row>
      )}
      <Row label="How">
        <span>{scope === 'tag' ? TAG_STRATEGY[preview.tagStrategy] : 'Deletes the manifest by its digest.'}</span>
      </Row>
      <Row label="Checked">
        <span className="text-muted">
          {plural(preview.scannedTags, 'tag')} in this repository, signature tags included, {scannedWhen(preview)}
          {preview.incomplete && `; incomplete: ${preview.incomplete}`}
        </span>
      </Row>
    </dl>
  )
}

const TAG_STRATEGY: Record<DeletionPreviewView['tagStrategy'], string> = {
  direct: 'The registry deletes only the tag.',
  replace:
    'This registry can’t delete only a tag. Lading first moves the tag to a copy of the image that has another digest, then deletes that copy. The image and its other tags aren’t touched.',
  none: 'Not possible on this registry.',
}

/** The registry is asked once more before anything is deleted. */
function scannedWhen({ scannedAgo }: DeletionPreviewView): string {
  return scannedAgo < 60_000 ? 'just now' : `within the last ${Math.ceil(scannedAgo / 60_000)} minutes`
}

function Row({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="grid grid-cols-[7rem_1fr] gap-x-3 px-3 py-2">
      <dt className="text-muted">{label}</dt>
      <dd className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">{children}</dd>
    </div>
  )
}

const SHOWN = 60

function TagList({ tags, tone }: { tags: readonly string[]; tone: 'danger' | 'good' | 'neutral' }) {
  return (
    <span className="flex max-h-32 min-w-0 flex-wrap gap-1 overflow-y-auto">
      {tags.slice(0, SHOWN).map((tag) => (
        <Badge key={tag} tone={tone} wrap>
          {tag}
        </Badge>
      ))}
      {tags.length > SHOWN && <span className="text-muted">and {tags.length - SHOWN} more</span>}
    </span>
  )
}
