import { useMutation } from '@apollo/client/react';
import { PictureChooser } from '../files/PictureChooser';
import { graphql, readFragment, type FragmentType } from '../gql';
import { t } from '../i18n';
import { Avatar } from '../square/Avatar';
import styles from './settings.module.css';

const avatarChooser = graphql(/* GraphQL */ `
  fragment AvatarChooser on User {
    avatar {
      id
    }
    ...Avatar
  }
`);

const setAvatar = graphql(/* GraphQL */ `
  mutation SetAvatar($input: UpdateProfileInput!) {
    updateProfile(input: $input) {
      user {
        id
        ...AvatarChooser
      }
    }
  }
`);

// The picture that others see next to the viewer's name.
export function AvatarChooser({ viewer }: { viewer: FragmentType<typeof avatarChooser> }) {
  const user = readFragment(avatarChooser, viewer);
  const [run] = useMutation(setAvatar);
  const words = { add: t.settings.addPicture, change: t.settings.changePicture, remove: t.settings.removePicture };
  return (
    <div className={styles.viewer}>
      <Avatar user={user} size={56} />
      <PictureChooser words={words} chosen={Boolean(user.avatar)} onChoose={(avatarId) => run({ variables: { input: { avatarId } } })} />
    </div>
  );
}
