import { useMutation } from '@apollo/client/react';
import { graphql } from '../gql';
import { paths } from '../routing/paths';
import { Field } from '../ui/Field';
import { AccountForm } from './AccountForm';
import { begin } from './begin';

const signUp = graphql(/* GraphQL */ `
  mutation SignUp($input: RegisterInput!) {
    register(input: $input) {
      ...NewSession
    }
  }
`);

export function SignUpPage({ next }: { next?: string }) {
  const [run, { error, loading }] = useMutation(signUp);

  async function submit(values: FormData) {
    const text = (name: string) => String(values.get(name));
    const input = {
      username: text('username'),
      email: text('email'),
      displayName: text('displayName') || undefined,
      password: text('password'),
    };
    const { data } = await run({ variables: { input } });
    if (data) begin(data.register, next);
  }

  return (
    <AccountForm
      title="Create account"
      busy={loading}
      error={error}
      onSubmit={submit}
      other={{ href: paths.signIn(next), question: 'Have an account?', text: 'Sign in' }}
    >
      {(failure) => (
        <>
          <Field
            name="username"
            label="Username"
            hint="3 to 32 letters, digits, _ and -"
            autoComplete="username"
            autoCapitalize="none"
            required
            failure={failure}
          />
          <Field name="displayName" label="Display name (optional)" hint="Defaults to your username" autoComplete="name" failure={failure} />
          <Field name="email" label="Email" type="email" hint="Never shown publicly" autoComplete="email" required failure={failure} />
          <Field
            name="password"
            label="Password"
            type="password"
            hint="At least 8 characters"
            autoComplete="new-password"
            required
            failure={failure}
          />
        </>
      )}
    </AccountForm>
  );
}
