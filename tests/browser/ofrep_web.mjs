/** OpenFeature's web SDK and its OFREP provider, as they are published, in a page of another origin than Netiv's. */
import {OpenFeature, ProviderEvents} from '@openfeature/web-sdk';
import {OFREPWebProvider} from '@openfeature/ofrep-web-provider';

const provider = new OFREPWebProvider({baseUrl: self.netivFlags, pollInterval: 300});
const client = OpenFeature.getClient();
self.changes = [];
client.addHandler(ProviderEvents.ConfigurationChanged, ({flagsChanged}) => self.changes.push(flagsChanged));
self.details = (key = 'short-checkout') => {
  const {value, variant, reason, errorCode} = client.getStringDetails(key, 'code');
  return [value, variant, reason, errorCode];
};
self.become = (targetingKey) => OpenFeature.setContext({targetingKey});
self.ready = OpenFeature.setContext({targetingKey: 'dana'}).then(() => OpenFeature.setProviderAndWait(provider));
