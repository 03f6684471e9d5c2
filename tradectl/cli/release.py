"""tradectl release"""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tradectl.cli import releasing
from tradectl.cli.options import Json
from tradectl.cli.output import print_json, stdout
from tradectl.errors import ExitCode, TradectlError

if TYPE_CHECKING:
    from tradectl.release.registry import Registry
    from tradectl.release.scans.finding import Scan
    from tradectl.release.signing import Signer

HELP = """Scan, build, sign and publish releases, run one beside the one before, and keep what was seen of them.

A release is a record in the environments repository that never changes: images and charts by digest, migrations, SBOM,
licences, scans. `build` makes one whole; `build --draft`, `sign` and `publish` are its three steps, for a pipeline.
"""
app = typer.Typer(add_completion=False, no_args_is_help=True, help=HELP)
HERE = Path()


class Kind(StrEnum):
    """What is looked at."""

    SCENARIOS = "scenarios"
    LOAD = "load"
    SCANS = "scans"
    SOAK = "soak"


class Place(StrEnum):
    """Where it was seen."""

    DEV = "dev"
    STAGE = "stage"
    PROD = "prod"


Version = Annotated[str, typer.Argument(metavar="R", help="A release, such as 1.2.0.", show_default=False)]
Draft = Annotated[Path, typer.Argument(help="The draft's folder.", file_okay=False, show_default=False)]
Root = Annotated[Path, typer.Option("--checkout", help="The platform's own repository.", show_default="here")]
Repository = Annotated[
    str | None,
    typer.Option(
        "--environments",
        envvar="TRADECTL_ENVIRONMENTS",
        help="The environments repository: anything that Git clones.",
        show_default=False,
    ),
]
Where = Annotated[
    str | None,
    typer.Option(
        "--registry", envvar="TRADECTL_REGISTRY", help="Its host, and the path before names.", show_default=False
    ),
]
Key = Annotated[
    Path | None,
    typer.Option(
        "--key",
        envvar="TRADECTL_RELEASE_KEY",
        help="The private key, cosign.key; its password is in COSIGN_PASSWORD.",
        dir_okay=False,
        show_default=False,
    ),
]
Public = Annotated[
    Path | None,
    typer.Option("--key", help="cosign.pub, instead of the environments repository's own.", show_default=False),
]
Schemas = Annotated[
    Path | None,
    typer.Option(
        envvar="TRADECTL_KUBERNETES_SCHEMAS",
        help="JSON schemas of kinds, for kubeconform; without them kubernetes-validate knows the built-in ones.",
        show_default=False,
    ),
]
Image = Annotated[str, typer.Option(help="The platform's image, if it was built already.", show_default=False)]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say it and do nothing.")]


@app.command(epilog="Example: tradectl release scan --into reports")
def scan(
    checkout: Root = HERE,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", help="code, dependencies, secrets, dockerfiles or charts; again for more."),
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option(help="Write scans.json there, and GitLab's report formats.", file_okay=False, show_default=False),
    ] = None,
    schemas: Schemas = None,
    json: Json = False,
) -> None:
    """Look for faults: code, dependencies, secrets, Dockerfiles and charts. It changes nothing.

    Ends with 1 when something was found that security/accepted.yaml does not accept, or accepts no longer.
    """
    from tradectl.release.scans import gitlab, report

    root = checkout.resolve()
    done = report.scan(root, _wanted(only), releasing.quiet if json else releasing.scanned, schemas)
    if into:
        gitlab.write(done, root, into)
        (into / report.FILE).write_bytes(report.encoded(done))
    if json:
        print_json({"ok": done.ok, **releasing.builtins(done)})
    else:
        releasing.show_scans(done)
    if not done.ok:
        raise typer.Exit(ExitCode.CHECK_FAILED)


@app.command(epilog="Example: tradectl release keys --folder keys --publish")
def keys(
    folder: Annotated[Path, typer.Option(help="Where the pair is made.", file_okay=False)] = Path("keys"),
    publish: Annotated[bool, typer.Option("--publish", help="Have releases held against it from now on.")] = False,
    environments: Repository = None,
    json: Json = False,
) -> None:
    """Make the key pair that releases are signed with; what is there stays.

    COSIGN_PASSWORD seals the private key, which belongs to whoever builds; the environments repository has the public
    one.
    """
    from tradectl.release.opening import opened
    from tradectl.release.signing import make_keys

    public = folder / "cosign.pub"
    made = not public.exists()
    if made:
        make_keys(folder)
    if publish:
        with opened(environments) as found:
            found.keep_key(public)
    if json:
        print_json({"folder": str(folder), "made": made, "published": publish})
        return
    stdout().print(f"{folder}/cosign.key {'is made' if made else 'was there'}; {public} is for everybody")


@app.command(epilog="Example: tradectl release build --registry registry.example/platform --key keys/cosign.key")
def build(
    registry: Where = None,
    environments: Repository = None,
    key: Key = None,
    checkout: Root = HERE,
    draft: Annotated[
        Path | None,
        typer.Option(
            help="Build and push alone, and write the record there; sign and publish follow.", show_default=False
        ),
    ] = None,
    image: Image = "",
    twice: Annotated[bool, typer.Option("--twice", help="Build two times, and refuse two digests.")] = False,
    schemas: Schemas = None,
    dry: DryRun = False,
    json: Json = False,
) -> None:
    """Build a release of the commit at hand: images and charts by digest, SBOM, licences, scans, signatures, record.

    Its version is the tag's; a checkout that is not as it was committed is refused (9). Ends with 1 when two builds
    differ, a licence is not allowed or a scan finds something.
    """
    from tempfile import TemporaryDirectory

    from tradectl.release.assembly import draft as drafting
    from tradectl.release.assembly import publication, seal
    from tradectl.release.opening import opened

    root, tell = checkout.resolve(), releasing.quiet if json else releasing.told
    plan = drafting.planned(root, _registry(registry), image=image, twice=twice)
    if dry:
        releasing.show_plan(plan, json=json)
        return
    if draft:
        releasing.show_release(drafting.drafted(plan, draft, tell), json=json)
        return
    signer = _signer(key)
    with opened(environments) as found, TemporaryDirectory() as temporary:
        found.check_new(plan.version)
        folder = Path(temporary)
        drafting.drafted(plan, folder, tell)
        seal.sealed(folder, root, signer, tell, schemas)
        releasing.show_release(publication.published(folder, found), json=json)


@app.command(epilog="Example: tradectl release sign draft --key keys/cosign.key")
def sign(draft: Draft, key: Key = None, checkout: Root = HERE, schemas: Schemas = None, json: Json = False) -> None:
    """List what is in a draft, scan its commit, and sign images, charts, SBOM and record.

    Ends with 1 when a licence is not allowed or a scan finds something, and has signed nothing then.
    """
    from tradectl.release.assembly import seal

    tell = releasing.quiet if json else releasing.told
    releasing.show_release(seal.sealed(draft, checkout.resolve(), _signer(key), tell, schemas), json=json)


@app.command(epilog="Example: tradectl release publish draft")
def publish(draft: Draft, environments: Repository = None, json: Json = False) -> None:
    """Write a signed draft into the environments repository: from then on it can be deployed.

    Ends with 1 when it was not signed with the key that lies there.
    """
    from tradectl.release.assembly import publication
    from tradectl.release.opening import opened

    with opened(environments) as found:
        releasing.show_release(publication.published(draft, found), json=json)


@app.command("list", epilog="Example: tradectl release list")
def list_(environments: Repository = None, json: Json = False) -> None:
    """List the releases, the oldest first, and where each is."""
    from tradectl.release.environments import ORDER
    from tradectl.release.opening import opened

    with opened(environments) as found:
        there = {each: now.release for each in ORDER if (now := found.deployed(each))}
        releases = [found.release(version) for version in found.releases()]
    rows = [
        {
            "version": each.version,
            "commit": each.commit,
            "built": each.built,
            "environments": [name for name, version in there.items() if version == each.version],
        }
        for each in releases
    ]
    if json:
        print_json({"items": rows})
        return
    releasing.show_list(rows)


@app.command(epilog="Example: tradectl release show 1.2.0")
def show(release: Version, environments: Repository = None, json: Json = False) -> None:
    """Show what a release is, and what was seen of it where."""
    from tradectl.release.opening import opened

    with opened(environments) as found:
        record, seen = found.release(release), found.evidence(release)
    releasing.show_release(record, seen, json=json)


@app.command(epilog="Example: tradectl release verify 1.2.0")
def verify(
    release: Version,
    environments: Repository = None,
    key: Public = None,
    offline: Annotated[bool, typer.Option("--offline", help="Without the registry: record, files, evidence.")] = False,
    json: Json = False,
) -> None:
    """Look at every signature of a release again: its record and files, evidence, images, charts, SBOM.

    Ends with 1 when one does not hold.
    """
    from tradectl.release.assembly import publication
    from tradectl.release.opening import opened

    with opened(environments) as found:
        checks = publication.verified(found, release, key, registry=not offline)
    releasing.show_checks(checks, json=json)
    if any(each.why for each in checks):
        raise typer.Exit(ExitCode.CHECK_FAILED)


@app.command(epilog="Example: tradectl release evidence 1.2.0 --kind scenarios --env dev --report scenarios.json")
def evidence(
    release: Version,
    kind: Annotated[Kind, typer.Option(help="What was looked at.", show_default=False)],
    report: Annotated[Path, typer.Option(help="The JSON that the command printed.", dir_okay=False)],
    env: Annotated[Place | None, typer.Option(help="Where it was seen; scans need no place.")] = None,
    environments: Repository = None,
    key: Key = None,
    checkout: Root = HERE,
    soak: Annotated[float, typer.Option(help="Seconds that a soak takes at least.", min=1)] = 1_800.0,
    dry: DryRun = False,
    json: Json = False,
) -> None:
    """Sign what was seen of a release, and keep it with it: `tradectl deploy` asks for it.

    A report that is older than the release in that environment, or about another one, is refused (9). Ends with 1 when
    the report says that something did not hold: that is kept, too.
    """
    from tradectl.release.evidence import Kind as Kinds
    from tradectl.release.opening import opened
    from tradectl.release.reports import Seen, taken

    if env is None and kind is not Kind.SCANS:
        raise TradectlError(f"{kind.value} were seen somewhere", "--env dev", ExitCode.USAGE)
    signer = None if dry else _signer(key)
    with opened(environments) as found:
        record = found.release(release)
        standard = releasing.standard(checkout, record.commit) if kind is Kind.SCENARIOS else ()
        wanted = Seen(
            kind=Kinds(kind.value), environment=env.value if env else "", file=report, standard=standard, soak=soak
        )
        seen = taken(wanted, record, found)
        if signer:
            found.witness(seen, signer)
    if json:
        print_json(releasing.builtins(seen))
    else:
        releasing.show_evidence([seen])
    if not seen.ok:
        raise typer.Exit(ExitCode.CHECK_FAILED)


@app.command(epilog="Example: tradectl release beside v1.3.0")
def beside(
    release: Annotated[
        str | None, typer.Argument(metavar="[RELEASE]", help="A tag or a commit.", show_default="the last tag before")
    ] = None,
    checkout: Root = HERE,
    logs: Annotated[Path | None, typer.Option(help="Keep the logs there.", file_okay=False, show_default=False)] = None,
    json: Json = False,
) -> None:
    """Run the release before beside this one, on one database and the same queues, and trade in every mixture.

    This one is the code of the tool itself; the other comes out of Git, and nothing is checked out. Ends with 1 when a
    mixture does not hold, with 2 when it cannot be told, with 9 when a migration between contracts.
    """
    from tradectl.cli import besides
    from tradectl.release.beside import earlier, run
    from tradectl.release.git import Repository as Checkout

    repository = Checkout(checkout.resolve())
    try:
        before = earlier.named(repository, release) if release else earlier.before(repository)
        report = run.beside(repository, before, releasing.quiet if json else besides.told, logs) if before else None
    except TradectlError as error:
        code = error.exit_code if error.exit_code is ExitCode.CONFLICT else ExitCode.USAGE
        raise TradectlError(error.message, error.hint, code) from error
    besides.show(report, json=json)
    if report and not report.ok:
        raise typer.Exit(ExitCode.CHECK_FAILED)


def _wanted(only: list[str] | None) -> "list[Scan]":
    from tradectl.release.scans.finding import Scan

    if unknown := set(only or ()) - set(Scan):
        raise typer.BadParameter(f"{', '.join(unknown)}: one of {', '.join(Scan)}", param_hint="--only")
    return [each for each in Scan if not only or each in only]


def _registry(address: str | None) -> "Registry":
    from tradectl.release.registry import Registry

    if not address:
        hint = "say --registry registry.example/platform, or set TRADECTL_REGISTRY"
        raise TradectlError("which registry?", hint, ExitCode.USAGE)
    return Registry(address.rstrip("/"))


def _signer(key: Path | None) -> "Signer":
    from tradectl.release.signing import Signer

    if key is None or not key.exists():
        hint = "say --key keys/cosign.key, or set TRADECTL_RELEASE_KEY; `tradectl release keys` makes one"
        raise TradectlError("there is no key to sign with", hint, ExitCode.USAGE if key is None else ExitCode.NOT_FOUND)
    return Signer(key.absolute())
