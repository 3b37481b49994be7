import { useMutation } from '@apollo/client/react';
import { graphql } from '../gql';
import { t } from '../i18n';
import { paths } from '../routing/paths';
import { Field } from '../ui/Field';
import { AccountForm } from './AccountForm';
import { StaySignedIn } from './StaySignedIn';
import { useBegin } from './useBegin';

const signIn = graphql(/* GraphQL */ `
  mutation SignIn($input: LoginInput!) {
    login(input: $input) {
      ...NewSession
    }
  }
`);

export function SignInPage({ next }: { next?: string }) {
  const [run, { error, loading }] = useMutation(signIn);
  const begin = useBegin(next);

  async function submit(values: FormData) {
    const input = { username: String(values.get('username')), password: String(values.get('password')) };
    const { data } = await run({ variables: { input } });
    if (data) begin(data.login, values.has('stays'));
  }

  return (
    <AccountForm
      title={t.signing.in}
      busy={loading}
      error={error}
      onSubmit={submit}
      other={{ href: paths.signUp(next), question: t.signing.newHere, text: t.signing.create }}
    >
      {(failure) => (
        <>
          <Field name="username" label={t.signing.usernameOrEmail} autoComplete="username" autoCapitalize="none" required failure={failure} />
          <Field name="password" label={t.signing.password} type="password" autoComplete="current-password" required failure={failure} />
          <StaySignedIn />
        </>
      )}
    </AccountForm>
  );
}
