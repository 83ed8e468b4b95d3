/** OpenFeature's server SDK and its OFREP provider, as they are published, against a Netiv: prints what they were told. */
import {OpenFeature} from '@openfeature/server-sdk';
import {OFREPProvider} from '@openfeature/ofrep-provider';

const [baseUrl, ...units] = process.argv.slice(2);
await OpenFeature.setProviderAndWait(new OFREPProvider({baseUrl}));
const client = OpenFeature.getClient();
const told = [];
for (const targetingKey of units) {
  const {value, variant, reason, flagMetadata} = await client.getStringDetails('short-checkout', 'code', {targetingKey});
  told.push([value, variant, reason, flagMetadata.state]);
}
const unknown = await client.getStringDetails('unknown', 'code', {targetingKey: 'a'});
const nobody = await client.getStringDetails('short-checkout', 'code', {});
const wrongType = await client.getBooleanDetails('short-checkout', true, {targetingKey: 'a'});
console.log(JSON.stringify({told, errors: [unknown, nobody, wrongType].map(({value, reason, errorCode}) => [value, reason, errorCode])}));
