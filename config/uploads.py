import errno

from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler

NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


class TemporaryUpload(TemporaryFileUploadHandler):
    """Django's way with large uploads, except where the disk is full: the file is left out and the form gets its say.

    The request then has the file's name as `no_room_for`; Django would answer with an error page.
    """

    def new_file(self, field_name, file_name, *args, **kwargs):
        try:
            super().new_file(field_name, file_name, *args, **kwargs)
        except OSError as error:
            self._leave_out(file_name, error)

    def receive_data_chunk(self, raw_data, start):
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as error:
            self._leave_out(self.file_name, error)

    def _leave_out(self, file_name, error):
        if error.errno not in NO_ROOM:
            raise error
        self.request.no_room_for = file_name
        raise SkipFile from error
