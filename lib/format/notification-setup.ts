/** How to configure a product to report pushes. */
export interface NotificationSetup {
  readonly product: string
  /** Where it goes: a file, or a page of the product. */
  readonly where: string
  readonly text: string
}

/**
 * For each product that Lading understands, what to copy.
 * @param url `https://lading.example.com/api/events/hub`
 * @param secret the value of EVENTS_SECRET, or a word that stands for it
 */
export function notificationSetups(url: string, secret: string): readonly NotificationSetup[] {
  return [
    {
      product: 'Distribution',
      where: 'Add this to its config.yml, then restart it.',
      text: `notifications:
  endpoints:
    - name: lading
      url: ${url}
      headers:
        Authorization: ["Bearer ${secret}"]
      timeout: 2s
      threshold: 3
      backoff: 10s`,
    },
    {
      product: 'zot',
      where: 'Add this to its config.json, then restart it.',
      text: JSON.stringify(
        {
          extensions: {
            events: {
              enable: true,
              sinks: [
                {
                  type: 'http',
                  address: url,
                  timeout: '2s',
                  credentials: { username: 'lading', password: secret },
                },
              ],
            },
          },
        },
        null,
        2,
      ),
    },
    {
      product: 'Harbor',
      where: 'For each project under Webhooks, with the events Artifact pushed and Artifact deleted.',
      text: `Notify type: http\nEndpoint URL: ${url}\nAuth header: Bearer ${secret}`,
    },
    {
      product: 'Quay',
      where: 'For each repository under Settings, Events and notifications: Push to repository, Webhook POST.',
      text: withPassword(url, secret),
    },
    {
      product: 'Docker Hub',
      where: 'For each repository under Webhooks, as the webhook URL. Docker Hub reports pushes only.',
      text: `${url}?token=${encodeURIComponent(secret)}`,
    },
    {
      product: 'GitHub',
      where:
        'For each repository or organization under Settings, Webhooks, with only the event Packages. GitHub reports pushes only.',
      text: `Payload URL: ${url}\nContent type: application/json\nSecret: ${secret}`,
    },
    {
      product: 'GitLab',
      where: 'For a GitLab of your own: add this to gitlab.rb, then run gitlab-ctl reconfigure.',
      text: `registry['notifications'] = [
  {
    'name' => 'lading',
    'url' => '${url}',
    'timeout' => '2s',
    'threshold' => 5,
    'maxretries' => 5,
    'backoff' => '10s',
    'headers' => { 'Authorization' => ['Bearer ${secret}'] }
  }
]`,
    },
    {
      product: 'Azure Container Registry',
      where: 'Run this with the Azure CLI and the name of the registry.',
      text: `az acr webhook create --registry REGISTRY --name lading --actions push delete \\
  --uri ${url} \\
  --headers 'Authorization=Bearer ${secret}'`,
    },
    {
      product: 'Amazon ECR',
      where: 'In Amazon EventBridge: a rule with this event pattern, and an API destination as its target.',
      text: `Event pattern: {"source": ["aws.ecr"], "detail-type": ["ECR Image Action"]}
API destination endpoint: ${url}
HTTP method: POST
Authorization type: Basic
Username: lading
Password: ${secret}`,
    },
    {
      product: 'Nexus Repository',
      where: 'Under Capabilities: for each Docker repository a Webhook: Repository with the event type component.',
      text: `URL: ${url}\nSecret Key: ${secret}`,
    },
    {
      product: 'Artifactory',
      where: 'Under Webhooks: a predefined webhook for when a Docker tag was pushed, deleted or promoted.',
      text: `URL: ${url}\nSecret token: ${secret}`,
    },
  ]
}

/** Quay can't send custom headers: the secret is in the URL. */
function withPassword(url: string, secret: string): string {
  return url.replace('://', `://lading:${encodeURIComponent(secret)}@`)
}
