"""The pages, one file for each part of the service."""

from fastapi import APIRouter

from transcriber.web.pages import style

ROUTERS: tuple[APIRouter, ...] = (style.router,)
