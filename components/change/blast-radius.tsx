import { Badge } from '@/components/ui/badge'
import { Bytes } from '@/components/ui/bytes'
import { Digest } from '@/components/ui/digest'
import type { DeletionPreviewView } from '@/lib/data/changes/preview-deletion'
import { plural } from '@/lib/format/bytes'
import { shortDigest } from '@/lib/format/digest'
import { manifestHref } from '@/lib/routes/href'
import type { Scope } from './block-reason'

interface BlastRadiusProps {
  preview: DeletionPreviewView
  scope: Scope
  selector: string
  registry: string
  repository: string
}

/** Everything that goes, and everything that stays but is left the poorer. */
export function BlastRadius({ preview, scope, selector, registry, repository }: BlastRadiusProps) {
  const goes = scope === 'image' ? preview.tagsOnDigest : [selector]
  const stays = preview.tagsOnDigest.filter((tag) => !goes.includes(tag))
  // BuildKit lists attestations as children of a platform that is none.
  const platforms = preview.children.filter(({ platform }) => platform !== 'unknown/unknown')
  const attestations = preview.children.length - platforms.length
  return (
    <dl className="divide-y rounded-lg border text-sm">
      <Row label="Digest">
        <Digest digest={preview.digest} swatch href={manifestHref(registry, repository, preview.digest)} copy={false} />
        {scope === 'tag' && <span className="text-muted">stays, can be pulled by digest</span>}
      </Row>
      <Row label={goes.length === 1 ? 'Tag that goes' : 'Tags that go'}>
        {goes.length === 0 ? (
          <span className="text-muted">none: no tag points at it</span>
        ) : (
          <TagList tags={goes} tone="danger" />
        )}
      </Row>
      {scope === 'tag' && (
        <Row label="Tags that stay">
          {stays.length === 0 ? (
            <span className="text-muted">none: this is the image’s last tag</span>
          ) : (
            <TagList tags={stays} tone="good" />
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
            {scope === 'tag' ? 'stays whole' : 'no longer whole: pulling this platform of it fails'}
          </span>
        </Row>
      )}
      {preview.children.length > 0 && (
        <Row label="Its platforms">
          <TagList tags={platforms.map((child) => child.platform ?? shortDigest(child.digest))} tone="neutral" />
          {attestations > 0 && <span className="text-muted">and {plural(attestations, 'attestation')}</span>}
          {scope === 'image' && (
            <span className="text-muted">left behind without a tag: some registries remove them too</span>
          )}
        </Row>
      )}
      {preview.referrers > 0 && (
        <Row label="Referrers">
          <span>
            {plural(preview.referrers, 'signature, attestation or SBOM', 'signatures, attestations and SBOMs')}
          </span>
          <span className="text-muted">
            {scope === 'image'
              ? 'left without what they are about'
              : preview.referrers === 1
                ? 'stays with the digest'
                : 'stay with the digest'}
          </span>
        </Row>
      )}
      {scope === 'image' && preview.uniqueBytes !== undefined && (
        <Row label="Only it holds">
          <Bytes bytes={preview.uniqueBytes} />
          <span className="text-muted">
            compressed, within this repository
            {preview.unneededBlobs ? '' : '; freed by the registry’s garbage collection'}
          </span>
        </Row>
      )}
      <Row label="How">
        <span>{scope === 'tag' ? TAG_STRATEGY[preview.tagStrategy] : 'The manifest is deleted by its digest.'}</span>
      </Row>
      <Row label="Looked at">
        <span className="text-muted">
          {plural(preview.scannedTags, 'tag')} of the repository (those of signatures included), just now
          {preview.incomplete && `; not all: ${preview.incomplete}`}
        </span>
      </Row>
    </dl>
  )
}

const TAG_STRATEGY: Record<DeletionPreviewView['tagStrategy'], string> = {
  direct: 'The registry deletes the tag alone.',
  replace:
    'This registry cannot delete a tag alone. The tag is first moved to a copy of the image with another digest, and that copy is deleted: the image and its other tags are not touched.',
  none: 'Not possible on this registry.',
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
