import { Modal } from 'antd';
import type { ReactNode } from 'react';
import { useTexts } from '../texts/language.tsx';

export function HelpDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }): ReactNode {
  const { help } = useTexts();
  return (
    <Modal open={open} onCancel={onClose} footer={null} title={help.title} width={380} destroyOnHidden>
      <table className="grid">
        <tbody>
          {Object.entries(help.keys).map(([key, says]) => (
            <tr key={key}>
              <td style={{ width: 110 }}>
                <kbd>{key}</kbd>
              </td>
              <td>{says}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Modal>
  );
}
