import { expect, test } from 'vitest'
import { buildCommand } from './build-command.ts'
import { shortMediaType } from './media-type.ts'

test.each([
  ['/bin/sh -c #(nop)  CMD ["sh"]', 'CMD ["sh"]'],
  ['/bin/sh -c apk add curl', 'RUN apk add curl'],
  ['RUN /bin/sh -c apk add curl # buildkit', 'RUN apk add curl'],
  ['|1 VERSION=3 /bin/sh -c make', 'RUN make'],
  ['COPY . /app # buildkit', 'COPY . /app'],
])('the history entry %j reads %j', (entry, text) => expect(buildCommand(entry)).toBe(text))

test.each([
  ['application/vnd.oci.image.layer.v1.tar+gzip', 'tar+gzip'],
  ['application/vnd.oci.image.layer.nondistributable.v1.tar+zstd', 'nondistributable tar+zstd'],
  ['application/vnd.docker.image.rootfs.diff.tar.gzip', 'docker tar.gzip'],
  ['application/vnd.cncf.helm.chart.content.v1.tar+gzip', 'cncf.helm.chart.content.v1.tar+gzip'],
])('the media type %j is shortened to %j', (mediaType, text) => expect(shortMediaType(mediaType)).toBe(text))
