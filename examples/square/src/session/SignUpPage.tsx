import { useMutation } from '@apollo/client/react';
import { graphql } from '../gql';
import { t } from '../i18n';
import { paths } from '../routing/paths';
import { Field } from '../ui/Field';
import { AccountForm } from './AccountForm';
import { StaySignedIn } from './StaySignedIn';
import { useBegin } from './useBegin';

const signUp = graphql(/* GraphQL */ `
  mutation SignUp($input: RegisterInput!) {
    register(input: $input) {
      ...NewSession
    }
  }
`);

export function SignUpPage({ next }: { next?: string }) {
  const [run, { error, loading }] = useMutation(signUp);
  const begin = useBegin(next);

  async function submit(values: FormData) {
    const text = (name: string) => String(values.get(name));
    const input = {
      username: text('username'),
      email: text('email'),
      displayName: text('displayName') || undefined,
      password: text('password'),
    };
    const { data } = await run({ variables: { input } });
    if (data) begin(data.register, values.has('stays'));
  }

  return (
    <AccountForm
      title={t.signing.create}
      busy={loading}
      error={error}
      onSubmit={submit}
      other={{ href: paths.signIn(next), question: t.signing.haveAccount, text: t.signing.in }}
    >
      {(failure) => (
        <>
          <Field
            name="username"
            label={t.signing.username}
            hint={t.signing.usernameHint}
            autoComplete="username"
            autoCapitalize="none"
            required
            failure={failure}
          />
          <Field name="displayName" label={t.signing.displayName} hint={t.signing.displayNameHint} autoComplete="name" failure={failure} />
          <Field name="email" label={t.signing.email} type="email" hint={t.signing.emailHint} autoComplete="email" required failure={failure} />
          <Field
            name="password"
            label={t.signing.password}
            type="password"
            hint={t.signing.passwordHint}
            autoComplete="new-password"
            required
            failure={failure}
          />
          <StaySignedIn />
        </>
      )}
    </AccountForm>
  );
}
