from pathlib import Path

from tradectl.release.assembly import debian

STATUS = """\
Package: zlib1g
Status: install ok installed
Architecture: amd64
Version: 1:1.3.dfsg+really1.3.1-1+b1
Description: compression library
 zlib is a library.
Conffiles:
 /etc/zlib 0123

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1.0
"""


def test_what_dpkg_has_installed_is_a_component_by_its_own_purl() -> None:
    (found,) = debian.components(STATUS, "13")
    purl = "pkg:deb/debian/zlib1g@1%3A1.3.dfsg%2Breally1.3.1-1%2Bb1?arch=amd64&distro=debian-13"
    assert found["purl"] == found["bom-ref"] == purl
    assert found["version"] == "1:1.3.dfsg+really1.3.1-1+b1"
    assert "licenses" not in found


def test_licences_are_those_of_its_file_for_machines(tmp_path: Path) -> None:
    file = tmp_path / "zlib1g/copyright"
    file.parent.mkdir()
    file.write_text("Files: *\nLicense: Zlib\n\nFiles: x\nLicense: GPL-2+ with exception\n", encoding="utf-8")
    (found,) = debian.components(STATUS, "13", tmp_path)
    assert found["licenses"] == [{"license": {"name": "GPL-2+"}}, {"license": {"name": "Zlib"}}]


def test_the_release_is_that_of_the_system() -> None:
    assert debian.release_of('NAME="Debian"\nVERSION_ID="13"\n') == "13"
    assert debian.release_of("NAME=x\n") == "unknown"
